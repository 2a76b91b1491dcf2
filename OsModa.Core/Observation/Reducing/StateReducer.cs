using System.Collections.Immutable;
using OsModa.Core.SafeSwitch;

namespace OsModa.Core.Observation;

/// <summary>What each event makes of a server's state. Pure: time comes with the events.</summary>
internal static class StateReducer
{
    private const int TroublesMost = 8;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static ServerState Next(ServerState state, ServerEvent happened) => happened switch
    {
        ServerEvent.Beat e => UnitReducer.Review(state, e.At),
        ServerEvent.UnitTold e => UnitReducer.Told(state, e.Report, e.At),
        ServerEvent.LoadTold e => state with { Load = e.Load with { ClockSkew = e.Wall - e.At } },
        ServerEvent.Said e => SwitchReducer.Said(UnitReducer.Said(state, e.Words), e.Words, e.At),
        ServerEvent.UnitsListed e => UnitReducer.Listed(state, e),
        ServerEvent.UnitGone e => UnitReducer.Gone(state, e.Unit, e.At),
        ServerEvent.UnitsReloading e => state with { UnitsReloading = e.Begins },
        ServerEvent.PinsTold e => PinReducer.Told(state, e.Pins, e.At),
        ServerEvent.GenerationsListed e => GenerationReducer.Listed(state, e.Generations, e.At),
        ServerEvent.HistoryLoaded e => GenerationReducer.Remembered(state with { LastChange = state.LastChange ?? e.LastChange }, e.Generations),
        ServerEvent.ChainJudged e => state with { Chain = e.Standing },
        ServerEvent.ClosuresMeasured e => GenerationReducer.Measured(state, e.Sizes),
        ServerEvent.OperationTold e => SwitchReducer.Followed(state, SwitchJournal.Follow(state.Switch, e.Line), e.At),
        ServerEvent.SwitchLockTold e => SwitchReducer.Locked(state, e.Held, e.At),
        ServerEvent.FactTold e => state with { Host = FactReducer.Told(state.Host ?? new HostFacts(), e.Key, e.Value) },
        ServerEvent.TroubleTold e => state with { Troubles = Add(state.Troubles, new ObservationTrouble(e.Code, e.Text)) },
        ServerEvent.Hello e => Began(state, e),
        ServerEvent.SnapshotEnded e => Stands(EarlierNews.Found(state with { CountsAreOld = false, Fault = null, WatchedUntil = null }), Reach.Live, e.At),
        ServerEvent.Connecting e => state.Reach is Reach.Never or Reach.Stopped ? Stands(state, Reach.Connecting, e.At) : state,
        ServerEvent.ConnectionLost e => Lost(state, e),
        _ => state,
    };

    private static ServerState Lost(ServerState state, ServerEvent.ConnectionLost lost) => Stands(
        state with { Fault = lost.Fault, WatchedUntil = state.WatchedUntil ?? state.HeardAt },
        !lost.Fault.Passes ? Reach.Stopped : state.HeardAt is null ? Reach.Connecting : Reach.Lost,
        lost.At);

    private static ServerState Began(ServerState state, ServerEvent.Hello hello)
    {
        var host = (state.Host ?? new HostFacts()) with { BootId = hello.BootId, MayAct = hello.MayAct };
        var next = state with { Host = host, Troubles = [], UnitsReloading = false, CountsAreOld = state.HeardAt is not { } heard || hello.At - heard > Minute };
        if (state.Host is not { } before || before.BootId == hello.BootId || before.BootId == Guid.Empty)
        {
            return next;
        }

        // Another boot: clocks begin at 0, units begin anew, and a switch that was under way is not any more.
        return next with
        {
            Units = ImmutableSortedDictionary<UnitName, UnitState>.Empty,
            ReviewAt = null,
            Switch = state.Switch is { Outcome: null } ? null : state.Switch,
            LastChange = new LastChange(hello.At, ChangeKind.Rebooted, "", Ours: false),
        };
    }

    private static ServerState Stands(ServerState state, Reach reach, DateTimeOffset at) =>
        state.Reach == reach ? state : state with { Reach = reach, ReachSince = at };

    private static ImmutableArray<ObservationTrouble> Add(ImmutableArray<ObservationTrouble> troubles, ObservationTrouble trouble)
    {
        var others = troubles.RemoveAll(t => t.Code == trouble.Code);
        return others.Length < TroublesMost ? others.Add(trouble) : others;
    }
}
