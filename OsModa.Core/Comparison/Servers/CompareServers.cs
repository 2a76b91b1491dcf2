using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Comparison;

/// <summary>What became of a wish to compare two servers.</summary>
public abstract record CompareServersResult
{
    private CompareServersResult()
    {
    }

    /// <summary>Of the systems that the two run now.</summary>
    public sealed record Compared(SystemDifference Difference) : CompareServersResult;

    /// <summary>The organisation does not have both servers.</summary>
    public sealed record NoServer : CompareServersResult;

    /// <summary>What the server runs is not known: it was never heard, or did not say.</summary>
    public sealed record Unheard(Server Server) : CompareServersResult;

    /// <summary>The server no longer holds the system that it ran a moment ago.</summary>
    public sealed record Gone(Server Server) : CompareServersResult;

    /// <summary>The server could not be asked.</summary>
    public sealed record Failed(Server Server, ConnectionFault Fault) : CompareServersResult;
}

/// <summary>Compares what two servers run now. Each tells all of its own system, over its own connection; neither hears of the other. Looks only.</summary>
public sealed class CompareServers(ServerDirectory servers, Fleet fleet, ShellOf shells, ComparisonPlaces places, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // A whole system is some megabytes, so only those that are looked at one after the other are kept.
    private readonly ReadBefore<(ServerId, StorePath), SystemContents> _contents = new(most: 8, mostBytes: 128 * 1024 * 1024, KeptSize.Of);
    private readonly ReadBefore<(ServerId, StorePath, ServerId, StorePath), SystemDifference> _differences = new(most: 32, mostBytes: 64 * 1024 * 1024, KeptSize.Of);

    /// <param name="caller">Who asks.</param>
    /// <param name="from">The server on the left.</param>
    /// <param name="to">The server on the right.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public async Task<CompareServersResult> RunAsync(Caller caller, ServerId from, ServerId to, CancellationToken cancellationToken = default)
    {
        if (await servers.FindAsync(caller, from, cancellationToken) is not { } left || await servers.FindAsync(caller, to, cancellationToken) is not { } right)
        {
            return new CompareServersResult.NoServer();
        }

        if (fleet[from].Pins?.Current is not { } leftSystem)
        {
            return new CompareServersResult.Unheard(left);
        }

        if (fleet[to].Pins?.Current is not { } rightSystem)
        {
            return new CompareServersResult.Unheard(right);
        }

        if (_differences.Find((from, leftSystem, to, rightSystem)) is { } known)
        {
            return new CompareServersResult.Compared(known);
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var sides = await Task.WhenAll(ReadAsync(left, leftSystem, either.Token, cancellationToken), ReadAsync(right, rightSystem, either.Token, cancellationToken));
        if ((sides[0].Otherwise ?? sides[1].Otherwise) is { } otherwise)
        {
            return otherwise;
        }

        var difference = SystemContents.Between(sides[0].Contents!, sides[1].Contents!);
        _differences.Keep((from, leftSystem, to, rightSystem), difference);
        return new CompareServersResult.Compared(difference);
    }

    private async Task<(SystemContents? Contents, CompareServersResult? Otherwise)> ReadAsync(Server server, StorePath system, CancellationToken either, CancellationToken cancellationToken)
    {
        if (_contents.Find((server.Id, system)) is { } known)
        {
            return (known, null);
        }

        try
        {
            if (await places.InAsync(server.Id, async () => await ContentsReader.ReadAsync(await shells(server.Id, either), system, either), either) is not { } contents)
            {
                return (null, new CompareServersResult.Gone(server));
            }

            _contents.Keep((server.Id, system), contents);
            return (contents, null);
        }
        catch (ConnectionException lost)
        {
            return (null, new CompareServersResult.Failed(server, lost.Fault));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new CompareServersResult.Failed(server, new ConnectionFault(ConnectionFaultKind.TimedOut, $"The server did not say within {Limit.TotalSeconds:0} s what its system is made of.")));
        }
    }
}
