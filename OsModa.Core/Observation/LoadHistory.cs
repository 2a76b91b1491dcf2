using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OsModa.Core.Servers;

namespace OsModa.Core.Observation;

/// <summary>How busy a server was at one time, in half precision: enough for a line of some pixels. All not a number while it was not heard.</summary>
/// <param name="Load1">Load average of one minute, in runnable tasks.</param>
/// <param name="Memory">Share of the memory in use, 0 to 1; not a number when it is not known.</param>
/// <param name="Disk">Share in use of the file system that holds /nix/store, 0 to 1; not a number when it is not known.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LoadSample(Half Load1, Half Memory, Half Disk)
{
    public static LoadSample Unheard { get; } = new(Half.NaN, Half.NaN, Half.NaN);
}

/// <summary>
/// The load of every server in the last hour: two kilobytes for each, in memory only. Samples are taken from the states that are known anyway,
/// so that observing costs the same with it and without.
/// </summary>
public sealed class LoadHistory(Fleet fleet, TimeProvider time)
{
    /// <summary>Samples that are kept of a server: those of an hour.</summary>
    public const int Most = 360;

    /// <summary>Time from one sample to the next.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<ServerId, Ring> _rings = [];
    private long _taken;

    /// <summary>Samples taken so far: with the same number, every server has the same history.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Takes samples until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                Take();
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the program.
        }
    }

    /// <summary>Samples of a server, oldest first, <see cref="Every"/> apart; at most <see cref="Most"/>, and none of a server that is not known.</summary>
    public ImmutableArray<LoadSample> Of(ServerId server)
    {
        lock (_lock)
        {
            return _rings.TryGetValue(server, out var ring) ? ring.OldestFirst() : [];
        }
    }

    internal void Take()
    {
        var states = fleet.States;
        lock (_lock)
        {
            var turn = Interlocked.Increment(ref _taken);
            foreach (var state in states)
            {
                if (!_rings.TryGetValue(state.Server, out var ring))
                {
                    _rings[state.Server] = ring = new Ring();
                }

                ring.Add(Sample(state), turn);
            }

            foreach (var (server, ring) in _rings)
            {
                if (ring.Turn != turn)
                {
                    _rings.Remove(server);
                }
            }
        }
    }

    private static LoadSample Sample(ServerState state) => state is { Reach: Reach.Live, Load: { } load }
        ? new((Half)load.Load1, Used(load.MemoryAvailableBytes, load.MemoryTotalBytes), Used(load.DiskFreeBytes, load.DiskTotalBytes))
        : LoadSample.Unheard;

    private static Half Used(long free, long total) => total > 0 ? (Half)(1 - ((double)free / total)) : Half.NaN;

    private sealed class Ring
    {
        private readonly LoadSample[] _samples = new LoadSample[Most];
        private int _count, _next;

        public long Turn { get; private set; }

        public void Add(LoadSample sample, long turn)
        {
            _samples[_next] = sample;
            (_next, _count, Turn) = ((_next + 1) % Most, Math.Min(_count + 1, Most), turn);
        }

        public ImmutableArray<LoadSample> OldestFirst() => _count < Most ? [.. _samples.AsSpan(0, _count)] : [.. _samples.AsSpan(_next), .. _samples.AsSpan(0, _next)];
    }
}
