using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Comparison;

/// <summary>What became of a wish to compare.</summary>
public abstract record CompareResult
{
    private CompareResult()
    {
    }

    public sealed record Compared(SystemDifference Difference) : CompareResult;

    /// <summary>One of the systems is not on the server any more: there is nothing to read.</summary>
    public sealed record Gone : CompareResult;

    /// <summary>The organisation has no such server.</summary>
    public sealed record NoServer : CompareResult;

    /// <summary>The server could not be asked.</summary>
    public sealed record Failed(ConnectionFault Fault) : CompareResult;
}

/// <summary>Compares two systems of one server. Looks only, changes nothing.</summary>
public sealed class CompareSystems(ServerDirectory servers, ShellOf shells, ComparisonPlaces places, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Differences are small beside whole systems: a few days' worth of looking, unless a server tells far more than others.
    private readonly ReadBefore<(ServerId, StorePath, StorePath, UnitName?), SystemDifference> _cache = new(most: 64, mostBytes: 64 * 1024 * 1024, KeptSize.Of);

    private readonly ClosuresAhead _closures = new(shells, places);

    /// <summary>Learns what all these systems need, so that packages can be compared without asking. Somebody looks at them and is likely to; nothing comes of it when the server cannot be asked.</summary>
    /// <remarks>Goes on when the page is left: most leave it for a comparison.</remarks>
    public async Task PrepareAsync(Caller caller, ServerId id, IReadOnlyCollection<StorePath> systems)
    {
        if (systems.Count == 0 || _closures.Has(id, systems) || await servers.FindAsync(caller, id, CancellationToken.None) is null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(Limit, time);
        await _closures.ReadAsync(id, systems, limit.Token);
    }

    /// <summary>What is known by now: all of it, or only the packages; null when nothing was read. Never asks the server.</summary>
    public async Task<SystemDifference?> KnownAsync(Caller caller, ServerId id, StorePath from, StorePath to, UnitName? unit = null, CancellationToken cancellationToken = default) =>
        await servers.FindAsync(caller, id, cancellationToken) is null ? null : _cache.Find((id, from, to, unit)) ?? _closures.Find(id, from, to)?.Begun;

    /// <param name="caller">Who asks.</param>
    /// <param name="id">Which server holds them.</param>
    /// <param name="from">The system that would be left.</param>
    /// <param name="to">The system that would be gone to.</param>
    /// <param name="told">Gets each part as soon as it is read, on any thread; the result holds all of them.</param>
    /// <param name="unit">A unit whose texts are read also where they are alike, so that its <see cref="Suspects"/> can be found.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public async Task<CompareResult> RunAsync(Caller caller, ServerId id, StorePath from, StorePath to, Action<SystemDifference> told, UnitName? unit = null, CancellationToken cancellationToken = default)
    {
        if (await servers.FindAsync(caller, id, cancellationToken) is null)
        {
            return new CompareResult.NoServer();
        }

        if (_cache.Find((id, from, to, unit)) is { } known)
        {
            return new CompareResult.Compared(known);
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // Before there is a place: what is read ahead needs one too.
            var ahead = await _closures.FindAsync(id, from, to, either.Token);
            if (await places.InAsync(id, async () => await ComparisonReader.ReadAsync(await shells(id, either.Token), from, to, ahead, unit, told, either.Token), either.Token) is not { } difference)
            {
                return new CompareResult.Gone();
            }

            _cache.Keep((id, from, to, unit), difference);
            return new CompareResult.Compared(difference);
        }
        catch (ConnectionException lost)
        {
            return new CompareResult.Failed(lost.Fault);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CompareResult.Failed(new ConnectionFault(ConnectionFaultKind.TimedOut, $"The server did not say within {Limit.TotalSeconds:0} s what is different."));
        }
    }
}
