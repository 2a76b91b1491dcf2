using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OsModa.Demo.Time;

/// <summary>Something that will happen in the simulation.</summary>
public interface IAgendaItem
{
    /// <summary>Lets it happen. Never called twice at once.</summary>
    /// <param name="at">The time it was meant for, in microseconds of the agenda; the timer may be later.</param>
    /// <returns>When it happens again, or <see cref="Agenda.Never"/>.</returns>
    long Run(long at);
}

/// <summary>
/// All that will happen to all simulated servers, in the order of time, by one timer. Entries run one after another
/// and see the time they were meant for, so the same seed gives the same course however late the timer is.
/// </summary>
public sealed class Agenda : IDisposable
{
    public const long Never = long.MaxValue;

    /// <summary>The timer waits at least as long: what is due within it runs together, which bounds the cost of thousands of servers.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    /// <summary>Beyond this the computer slept or its clock was set: the servers' clocks follow as if set by NTP.</summary>
    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<IAgendaItem, (long At, long Order)> _entries = new();
    private readonly long _start;
    private readonly ITimer _timer;
    private DateTimeOffset _wallStart;
    private long _order;
    private long _reached;
    private long _armedFor = Never;
    private bool _running;

    public Agenda(TimeProvider time, ILogger<Agenda>? log = null)
    {
        _time = time;
        _log = log ?? NullLogger<Agenda>.Instance;
        _start = time.GetTimestamp();
        _wallStart = time.GetUtcNow();
        _timer = time.CreateTimer(static state => ((Agenda)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Microseconds since the agenda began; never goes back.</summary>
    public long Now => Math.Max(Volatile.Read(ref _reached), (long)_time.GetElapsedTime(_start).TotalMicroseconds);

    /// <summary>The date of a moment, by the computer's clock.</summary>
    public DateTimeOffset WallAt(long at) => _wallStart.AddMicroseconds(at);

    /// <summary>Microseconds since 1970 of a moment.</summary>
    public long EpochAt(long at) => (_wallStart - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond + at;

    /// <summary>Enters something; what is already past happens at once, on the timer.</summary>
    public void Add(long at, IAgendaItem item)
    {
        lock (_gate)
        {
            _entries.Enqueue(item, (Math.Max(at, _reached), _order++));
            Arm();
        }
    }

    /// <summary>Enters something that happens once.</summary>
    public void Add(long at, Action<long> happens) => Add(at, new Once(happens));

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        lock (_gate)
        {
            _armedFor = Never;
            if (_running)
            {
                return;
            }

            _running = true;
            FollowTheClock();
        }

        var until = (long)_time.GetElapsedTime(_start).TotalMicroseconds;
        while (Next(until, out var item, out var at))
        {
            var again = Happen(item, at);
            if (again != Never)
            {
                lock (_gate)
                {
                    _entries.Enqueue(item, (Math.Max(again, at + 1), _order++));
                }
            }
        }
    }

    private bool Next(long until, out IAgendaItem item, out long at)
    {
        lock (_gate)
        {
            if (_entries.TryPeek(out item!, out var due) && due.At <= until)
            {
                _entries.Dequeue();
                at = due.At;
                Volatile.Write(ref _reached, at);
                return true;
            }

            at = Never;
            Volatile.Write(ref _reached, Math.Max(_reached, until));
            _running = false;
            Arm();
            return false;
        }
    }

    private long Happen(IAgendaItem item, long at)
    {
        try
        {
            return item.Run(at);
        }
#pragma warning disable CA1031 // One server's mishap must not stop the time of all others; it is logged and what caused it does not return.
        catch (Exception mishap)
#pragma warning restore CA1031
        {
            _log.LogError(mishap, "An entry of the simulation's agenda failed and was dropped");
            return Never;
        }
    }

    private void Arm()
    {
        if (_running || !_entries.TryPeek(out _, out var due) || due.At >= _armedFor)
        {
            return;
        }

        _armedFor = due.At;
        var wait = TimeSpan.FromMicroseconds(due.At) - _time.GetElapsedTime(_start);
        _timer.Change(wait > Pace ? wait : Pace, Timeout.InfiniteTimeSpan);
    }

    private void FollowTheClock()
    {
        var wallStart = _time.GetUtcNow() - _time.GetElapsedTime(_start);
        if ((wallStart - _wallStart).Duration() > ClockStep)
        {
            _wallStart = wallStart;
        }
    }

    private sealed class Once(Action<long> happens) : IAgendaItem
    {
        public long Run(long at)
        {
            happens(at);
            return Never;
        }
    }
}
