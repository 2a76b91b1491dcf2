using System.Collections.Concurrent;
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
public sealed class CompareSystems(ServerDirectory servers, ShellOf shells, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Differences are small beside whole systems: a few days' worth of looking.
    private readonly ReadBefore<(ServerId, StorePath, StorePath, UnitName?), SystemDifference> _cache = new(most: 64);

    private readonly ConcurrentDictionary<ServerId, Preparation> _preparing = new();

    // What systems need, of the servers whose generations somebody looked at last: about 2 MB for ten systems of 3,000 paths.
    private readonly ReadBefore<ServerId, IReadOnlyDictionary<StorePath, StorePathInfo>> _paths = new(most: 8);

    /// <summary>Learns what all these systems need, so that packages can be compared without asking. Somebody looks at them and is likely to; nothing comes of it when the server cannot be asked.</summary>
    /// <remarks>Goes on when the page is left: most leave it for a comparison.</remarks>
    public async Task PrepareAsync(Caller caller, ServerId id, IReadOnlyCollection<StorePath> systems)
    {
        var preparation = new Preparation(systems);
        if (systems.Count == 0 || (_paths.Find(id) is { } known && systems.All(known.ContainsKey)) || await servers.FindAsync(caller, id, CancellationToken.None) is null || !_preparing.TryAdd(id, preparation))
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            var paths = await ClosureReader.PathsAsync(await shells(id, limit.Token), systems, limit.Token);
            if (!paths.IsEmpty)
            {
                _paths.Keep(id, paths);
            }
        }
        catch (Exception failed) when (failed is ConnectionException or FormatException or OperationCanceledException)
        {
            // The comparison asks for itself, and says so when it gets no answer.
        }
        finally
        {
            _preparing.TryRemove(id, out _);
            preparation.Done.SetResult();
        }
    }

    /// <summary>What was read before; null when it was not. Never asks the server.</summary>
    public async Task<SystemDifference?> KnownAsync(Caller caller, ServerId id, StorePath from, StorePath to, UnitName? unit = null, CancellationToken cancellationToken = default) =>
        _cache.Find((id, from, to, unit)) is { } known && await servers.FindAsync(caller, id, cancellationToken) is not null ? known : null;

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
            var shell = await shells(id, either.Token);
            if (await ComparisonReader.ReadAsync(shell, from, to, await ClosuresAsync(id, from, to, either.Token), unit, told, either.Token) is not { } difference)
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

    // What the server is telling already is not asked for a second time.
    private async Task<(Closure From, Closure To)?> ClosuresAsync(ServerId id, StorePath from, StorePath to, CancellationToken cancellationToken)
    {
        if (_preparing.TryGetValue(id, out var preparation) && preparation.Systems.Contains(from) && preparation.Systems.Contains(to))
        {
            await preparation.Done.Task.WaitAsync(cancellationToken);
        }

        return _paths.Find(id) is { } paths && paths.ContainsKey(from) && paths.ContainsKey(to) ? (Closure.Within(paths, from), Closure.Within(paths, to)) : null;
    }

    private sealed record Preparation(IReadOnlyCollection<StorePath> Systems)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
