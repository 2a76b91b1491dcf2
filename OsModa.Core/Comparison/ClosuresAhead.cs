using System.Collections.Concurrent;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Comparison;

/// <summary>What the systems of a server need, read before somebody compares two of them.</summary>
internal sealed class ClosuresAhead(ShellOf shells, ComparisonPlaces places)
{
    private readonly ConcurrentDictionary<ServerId, Reading> _reading = new();

    // Of the servers whose generations somebody looked at last: about 6 MB for ten systems of 3,000 paths.
    private readonly ReadBefore<ServerId, IReadOnlyDictionary<StorePath, StorePathInfo>> _paths = new(most: 8, mostBytes: 128 * 1024 * 1024, static paths => KeptSize.Of(paths.Values));

    private readonly ReadBefore<(ServerId, StorePath, StorePath), BothClosures> _pairs = new(most: 16, mostBytes: 64 * 1024 * 1024, KeptSize.Of);

    public bool Has(ServerId id, IEnumerable<StorePath> systems) => _paths.Find(id) is { } paths && systems.All(paths.ContainsKey);

    /// <summary>Reads what they need; nothing comes of it when the server cannot be asked, or is being asked.</summary>
    public async Task ReadAsync(ServerId id, IReadOnlyCollection<StorePath> systems, CancellationToken cancellationToken)
    {
        var reading = new Reading(systems);
        if (!_reading.TryAdd(id, reading))
        {
            return;
        }

        try
        {
            var paths = await places.InAsync(id, async () => await ClosureReader.PathsAsync(await shells(id, cancellationToken), systems, cancellationToken), cancellationToken);
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
            _reading.TryRemove(id, out _);
            reading.Done.SetResult();
        }
    }

    /// <summary>The two compared; null when they were not read. Never asks the server.</summary>
    /// <remarks>About 50 ms of a processor for systems of 3,000 paths, the first time.</remarks>
    public BothClosures? Find(ServerId id, StorePath from, StorePath to)
    {
        if (_pairs.Find((id, from, to)) is { } known)
        {
            return known;
        }

        if (_paths.Find(id) is not { } paths || !paths.ContainsKey(from) || !paths.ContainsKey(to))
        {
            return null;
        }

        var both = BothClosures.Of(Closure.Within(paths, from), Closure.Within(paths, to));
        _pairs.Keep((id, from, to), both);
        return both;
    }

    /// <summary>As <see cref="Find"/>, but what the server is telling already is waited for, so that it is not asked a second time.</summary>
    public async Task<BothClosures?> FindAsync(ServerId id, StorePath from, StorePath to, CancellationToken cancellationToken)
    {
        if (_reading.TryGetValue(id, out var reading) && reading.Systems.Contains(from) && reading.Systems.Contains(to))
        {
            await reading.Done.Task.WaitAsync(cancellationToken);
        }

        return Find(id, from, to);
    }

    private sealed record Reading(IReadOnlyCollection<StorePath> Systems)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
