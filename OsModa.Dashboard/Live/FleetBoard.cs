using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Live;

/// <summary>All servers of an organisation at one moment.</summary>
/// <param name="rows">Worst first, then by name.</param>
public sealed class FleetView(ImmutableArray<FleetRow> rows)
{
    private readonly Lazy<ImmutableArray<int>> _counts = new(() => [.. Enum.GetValues<ServerHealth>().Select(health => rows.Count(row => row.Health == health))]);
    private readonly Lazy<ImmutableArray<string>> _tags = new(() => [.. rows.SelectMany(row => row.Server.Tags).Distinct().Order(StringComparer.Ordinal)]);
    private readonly Lazy<DateTimeOffset?> _heardAt = new(() => rows.Max(row => row.State.HeardAt));

    public static FleetView Empty { get; } = new([]);

    public ImmutableArray<FleetRow> Rows => rows;

    /// <summary>Of all servers, each once.</summary>
    public ImmutableArray<string> Tags => _tags.Value;

    /// <summary>When any server was heard last.</summary>
    public DateTimeOffset? HeardAt => _heardAt.Value;

    public int Count(ServerHealth health) => _counts.Value[(int)health];

    public bool SameCounts(FleetView other) => _counts.Value.SequenceEqual(other._counts.Value);
}

/// <summary>
/// The fleet of one organisation, worked out once for everybody who looks at it: what matters shows within a tenth of a
/// second, figures that change all the time (load, memory, heard) every two seconds, as often as servers tell them; those of
/// a quarter of the servers at a time, so that no news has to wait until all lines are drawn.
/// </summary>
public sealed class FleetBoard : IDisposable
{
    private const int Quarters = 4;
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(100), Slow = TimeSpan.FromMilliseconds(500);

    private readonly Fleet _fleet;
    private readonly TimeProvider _time;
    private readonly ThrottledSignal _signal;
    private readonly Lock _lock = new();
    private ServerList _list;
    private ImmutableArray<Action> _readers = [];
    private IDisposable? _subscription;
    private ITimer? _beat;
    private long _figuresAt;
    private int _quarter;

    public FleetBoard(Fleet fleet, TimeProvider time, ServerList list, ILogger log)
    {
        (_fleet, _time, _list) = (fleet, time, list);
        _signal = new ThrottledSignal(time, Fast, () => { Work(); return Task.CompletedTask; }, log);
    }

    /// <summary>Newest; as of the last change while somebody reads.</summary>
    public FleetView View { get; private set; } = FleetView.Empty;

    /// <summary>Calls <paramref name="changed"/> after each new view, on a thread of the pool; it must only set a mark and return.</summary>
    public IDisposable Read(Action changed)
    {
        lock (_lock)
        {
            _readers = _readers.Add(changed);
            _subscription ??= _fleet.Subscribe(_ => _signal.Raise());
            _beat ??= _time.CreateTimer(_ => _signal.Raise(), null, Slow, Slow);    // the fleet does not tell that a server was merely heard again
        }

        Work();
        return new Reader(this, changed);
    }

    /// <summary>Brings the view up to date when nobody reads.</summary>
    public void Refresh() => Work();

    /// <summary>Servers came, went or were renamed. A list that is no newer than the one that is shown changes nothing: its reader was slow.</summary>
    public void Show(ServerList list)
    {
        lock (_lock)
        {
            _list = list.AsOf > _list.AsOf ? list : _list;
        }

        Work();
    }

    public void Dispose()
    {
        Rest();
        _signal.Dispose();
    }

    private void Rest()
    {
        _subscription?.Dispose();
        _beat?.Dispose();
        (_subscription, _beat) = (null, null);
    }

    private void Work()
    {
        ImmutableArray<Action> readers;
        lock (_lock)
        {
            if (!Next())
            {
                return;
            }

            readers = _readers;
        }

        foreach (var changed in readers)
        {
            changed();
        }
    }

    private bool Next()
    {
        var known = View.Rows.ToDictionary(row => row.Server.Id);
        var due = (int)Math.Min(Quarters, _time.GetElapsedTime(_figuresAt) / Slow);
        var rows = new List<FleetRow>(_list.Cards.Length);
        bool changed = known.Count != _list.Cards.Length, moved = changed;
        foreach (var card in _list.Cards)
        {
            var before = known.GetValueOrDefault(card.Id);
            var state = _fleet[card.Id];
            if (before is not null && ReferenceEquals(before.State, state) && before.Server == card)
            {
                rows.Add(before);
                continue;
            }

            var now = FleetRow.Of(card, state);
            var differs = before is null || now.Differs(before);
            if (!differs && (rows.Count + _quarter) % Quarters >= due)
            {
                rows.Add(before!);
                continue;
            }

            changed = true;
            moved |= before is null || before.Health != now.Health || before.Server.Name != now.Server.Name;
            rows.Add(now);
        }

        if (due > 0)
        {
            (_figuresAt, _quarter) = (_time.GetTimestamp(), (_quarter + due) % Quarters);
        }

        if (changed)
        {
            View = new FleetView(moved ? Sorted(rows) : InOrder(rows));
        }

        return changed;
    }

    private ImmutableArray<FleetRow> InOrder(List<FleetRow> rows)
    {
        var byId = rows.ToDictionary(row => row.Server.Id);
        return [.. View.Rows.Select(row => byId[row.Server.Id])];
    }

    private static ImmutableArray<FleetRow> Sorted(List<FleetRow> rows)
    {
        rows.Sort(static (a, b) => a.Health != b.Health ? a.Health.CompareTo(b.Health) : string.CompareOrdinal(a.Server.Name, b.Server.Name));
        return [.. rows];
    }

    private sealed class Reader(FleetBoard board, Action changed) : IDisposable
    {
        public void Dispose()
        {
            lock (board._lock)
            {
                board._readers = board._readers.Remove(changed);
                if (board._readers.IsEmpty)
                {
                    board.Rest();
                }
            }
        }
    }
}
