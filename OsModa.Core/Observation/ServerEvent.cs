using System.Collections.Immutable;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Nix;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>
/// Something that happened to a server or to our connection with it. The set is closed; <see cref="ServerState.Apply"/> knows every kind,
/// and nothing else changes what is known of a server.
/// </summary>
/// <param name="At">When it reached us, by our clock.</param>
public abstract record ServerEvent(DateTimeOffset At)
{
    // Only the records below.
    private ServerEvent()
        : this(DateTimeOffset.MinValue)
    {
    }

    /// <summary>The server itself has spoken.</summary>
    public virtual bool Heard => true;

    /// <summary>We try to reach it.</summary>
    public sealed record Connecting(DateTimeOffset At) : ServerEvent(At)
    {
        public override bool Heard => false;
    }

    /// <summary>It cannot be reached, or was lost, or told nothing for too long.</summary>
    public sealed record ConnectionLost(DateTimeOffset At, ConnectionFault Fault) : ServerEvent(At)
    {
        public override bool Heard => false;
    }

    /// <summary>What earlier runs of the dashboard knew: generations that may be gone by now.</summary>
    public sealed record HistoryLoaded(DateTimeOffset At, ImmutableArray<Generation> Generations) : ServerEvent(At)
    {
        /// <summary>The newest switch that is written down.</summary>
        public LastChange? LastChange { get; init; }

        public override bool Heard => false;
    }

    /// <summary>Sizes of closures that were measured, by system.</summary>
    public sealed record ClosuresMeasured(DateTimeOffset At, ImmutableDictionary<StorePath, ClosureSize> Sizes) : ServerEvent(At);

    /// <summary>A new stream begins.</summary>
    /// <param name="At">By our clock.</param>
    /// <param name="BootId">Boot id of its kernel.</param>
    /// <param name="Wall">Its clock; null when it names a time that no calendar has.</param>
    /// <param name="Mono">Its monotonic clock, microseconds.</param>
    /// <param name="MayAct">We are root there.</param>
    public sealed record Hello(DateTimeOffset At, Guid BootId, DateTimeOffset? Wall, long Mono, bool MayAct) : ServerEvent(At);

    /// <summary>All that there is has been told: from here on the state is whole and fresh.</summary>
    public sealed record SnapshotEnded(DateTimeOffset At) : ServerEvent(At);

    /// <param name="At">By our clock.</param>
    /// <param name="Key">A key of the protocol's <c>fact</c>.</param>
    /// <param name="Value">Harmless text.</param>
    public sealed record FactTold(DateTimeOffset At, string Key, string Value) : ServerEvent(At);

    /// <summary>A unit as it is now.</summary>
    public sealed record UnitTold(DateTimeOffset At, UnitReport Report) : ServerEvent(At);

    /// <summary>All units of the server as they were a moment ago; those that it does not name do not exist.</summary>
    /// <param name="At">By our clock.</param>
    /// <param name="AsOfMono">The server's monotonic clock before they were read: what is known to be newer wins.</param>
    /// <param name="Reports">A unit may come several times, each time with other properties.</param>
    public sealed record UnitsListed(DateTimeOffset At, long AsOfMono, ImmutableArray<UnitReport> Reports) : ServerEvent(At);

    /// <summary>systemd has unloaded the unit.</summary>
    public sealed record UnitGone(DateTimeOffset At, UnitName Unit) : ServerEvent(At);

    /// <summary>systemd reads all unit files anew; until it has, it says of every unit that it is gone.</summary>
    public sealed record UnitsReloading(DateTimeOffset At, bool Begins) : ServerEvent(At);

    public sealed record PinsTold(DateTimeOffset At, SystemPins Pins) : ServerEvent(At);

    /// <summary>All generations that the profile has, in any order.</summary>
    public sealed record GenerationsListed(DateTimeOffset At, ImmutableArray<Generation> Generations) : ServerEvent(At);

    /// <param name="At">By our clock.</param>
    /// <param name="Load">Figures, without the skew of the clocks.</param>
    /// <param name="Wall">The server's clock at that time.</param>
    public sealed record LoadTold(DateTimeOffset At, HostLoad Load, DateTimeOffset? Wall) : ServerEvent(At);

    /// <summary>Nothing happened; the server lives.</summary>
    public sealed record Beat(DateTimeOffset At, long Mono) : ServerEvent(At);

    /// <summary>An entry of the journal that explains a state.</summary>
    public sealed record Said(DateTimeOffset At, JournalWords Words) : ServerEvent(At);

    /// <summary>The server has written down that something was done on it. It goes to the ledger and changes no state.</summary>
    public sealed record Logged(DateTimeOffset At, LoggedEntry Entry) : ServerEvent(At);

    /// <summary>The files of the chain that agentd keeps have changed. It changes no state: the mirror reads them.</summary>
    public sealed record ChainTouched(DateTimeOffset At) : ServerEvent(At);

    /// <summary>The chain that agentd keeps there was read and judged.</summary>
    public sealed record ChainJudged(DateTimeOffset At, ChainStanding Standing) : ServerEvent(At)
    {
        public override bool Heard => false;
    }

    /// <summary>Whether a program holds the lock of switch-to-configuration.</summary>
    public sealed record SwitchLockTold(DateTimeOffset At, bool Held) : ServerEvent(At);

    /// <summary>A line that a switch of ours wrote down (SafeSwitch/Journal.md): <c>J</c> or <c>O</c>, id, line, parted by TABs. Not yet made harmless.</summary>
    public sealed record OperationTold(DateTimeOffset At, string Line) : ServerEvent(At);

    /// <summary>The script cannot do a part of its work.</summary>
    public sealed record TroubleTold(DateTimeOffset At, string Code, string Text) : ServerEvent(At);

    /// <summary>The stream is not whole: something was lost or the server rebooted under it. Only a new stream heals it.</summary>
    public sealed record StreamTorn(DateTimeOffset At, string Why) : ServerEvent(At);
}

/// <summary>An entry of the journal.</summary>
/// <param name="At">By the server's clock.</param>
/// <param name="MessageId">MESSAGE_ID, 32 hexadecimal digits; may be empty.</param>
/// <param name="Unit">The unit that it is about; null for none.</param>
/// <param name="Priority">0 emergency to 7 debugging.</param>
/// <param name="Identifier">SYSLOG_IDENTIFIER, such as <c>systemd</c>.</param>
/// <param name="Text">Harmless text.</param>
public sealed record JournalWords(DateTimeOffset? At, string MessageId, UnitName? Unit, int Priority, string Identifier, string Text);
