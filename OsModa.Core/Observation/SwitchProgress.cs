using System.Collections.Immutable;
using OsModa.Core.Nix;

namespace OsModa.Core.Observation;

/// <summary>A switch as the server itself tells of it; what our own operations write is SafeSwitch/Journal.md.</summary>
/// <param name="Operation">Our operation's id; null when somebody switches by hand.</param>
/// <param name="Target">System that is being switched to, when known.</param>
/// <param name="Stages">Stages so far, in order; the last one without an end is running.</param>
/// <param name="Output">Newest lines of the switch program; text of the server.</param>
public sealed record SwitchProgress(Guid? Operation, StorePath? Target, ImmutableArray<SwitchStage> Stages, ImmutableArray<string> Output)
{
    /// <summary>Number that the person chose; null when somebody switches by hand.</summary>
    public int? Generation { get; init; }

    /// <summary>System that ran before.</summary>
    public StorePath? From { get; init; }

    /// <summary>When the target comes to run.</summary>
    public SwitchMode Mode { get; init; }

    /// <summary>Only the default at next boot changes; what runs stays as it is.</summary>
    public bool OnlyNextBoot => Mode == SwitchMode.Boot;

    /// <summary>When it began, by the server's clock.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Boot of the server that it began in, or went on in after a restart of its own. Another one: the switch was cut short.</summary>
    public Guid? BootId { get; init; }

    /// <summary>The server restarts itself, as planned, and has not yet gone on after that.</summary>
    public bool Restarting { get; init; }

    /// <summary>Findings and remarks on the way, in order.</summary>
    public ImmutableArray<SwitchNote> Notes { get; init; } = [];

    /// <summary>Planned length of the probation; zero: one look.</summary>
    public TimeSpan Probation { get; init; }

    /// <summary>Within which after the activation the dashboard has to confirm; zero: not asked for.</summary>
    public TimeSpan Confirm { get; init; }

    /// <summary>When the server saw the confirmation, since the operation began; null before.</summary>
    public TimeSpan? ConfirmedAt { get; init; }

    /// <summary>Evidence against the change, in the order in which it was noticed.</summary>
    public ImmutableArray<SwitchTrouble> Trouble { get; init; } = [];

    /// <summary>What the server decided; null before.</summary>
    public SwitchDecision? Decision { get; init; }

    /// <summary>The operation that this one undoes, when the server itself began it while it stood watch.</summary>
    public Guid? Undoes { get; init; }

    /// <summary>Set once it ended: how.</summary>
    public SwitchOutcome? Outcome { get; init; }
}

/// <param name="Name">Word of the stage: <c>preflight</c>, <c>armed</c>, <c>activate</c>, <c>restart</c>, <c>probation</c>, <c>commit</c>, <c>back</c>, <c>recheck</c>; <c>verify</c> in older ones.</param>
/// <param name="From">Time since the operation began on the server, by its monotonic clock.</param>
/// <param name="Until">Null while it runs.</param>
/// <param name="Failed">It ended badly.</param>
/// <param name="Detail">One line of the server about it; may be empty.</param>
public sealed record SwitchStage(string Name, TimeSpan From, TimeSpan? Until, bool Failed, string Detail);

/// <param name="At">Time since the operation began on the server, by its monotonic clock.</param>
/// <param name="Kind">Word: <c>settling</c>, <c>unit</c>, <c>reboot</c>, <c>baseline</c>, or the name of a check.</param>
/// <param name="State">How a check ended; null for a remark.</param>
/// <param name="Text">Text of the server.</param>
public sealed record SwitchNote(TimeSpan At, string Kind, CheckState? State, string Text);

/// <summary>When the target of a switch comes to run.</summary>
public enum SwitchMode
{
    /// <summary>At once; then it becomes the default at next boot.</summary>
    Now,
    /// <summary>At the next boot, whenever that is.</summary>
    Boot,
    /// <summary>By a restart that belongs to the switch, with the probation after it.</summary>
    Restart,
}

/// <summary>How a check ended.</summary>
public enum CheckState
{
    Ok,
    /// <summary>Goes on, but the person should know.</summary>
    Warning,
    /// <summary>Does not go on.</summary>
    Failed,
}

/// <summary>What became of a switch, in the words of SafeSwitch/Journal.md.</summary>
public enum SwitchVerdict
{
    /// <summary>The server runs (or will boot) the target, it is the default at next boot, and no unit is worse than before.</summary>
    Verified,
    /// <summary>It was refused before anything was touched.</summary>
    Refused,
    /// <summary>It gave up; the server runs what it ran.</summary>
    Failed,
    /// <summary>The target runs, but units are worse than before, and there was no way back; next boot starts what it started before.</summary>
    Unhealthy,
    /// <summary>The target did the server no good: the old system runs again, the unit in trouble is well, and next boot starts the old one.</summary>
    RolledBack,
    /// <summary>The server runs what it ran: the target can only come by a restart.</summary>
    NeedsReboot,
    /// <summary>The server runs neither the one nor the other wholly.</summary>
    NeedsPerson,
}

/// <param name="Verdict">What became of it.</param>
/// <param name="ExitStatus">Of the switch program; null when it never ran.</param>
/// <param name="Detail">One sentence of the server; may be empty.</param>
public sealed record SwitchOutcome(SwitchVerdict Verdict, int? ExitStatus, string Detail)
{
    /// <summary>The running system, the profile and the units are what they should be.</summary>
    public bool Verified => Verdict == SwitchVerdict.Verified;

    /// <summary>How long it took on the server, by its monotonic clock.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>What ran at the end.</summary>
    public StorePath? Current { get; init; }

    /// <summary>Default at next boot at the end, and its number in the profile.</summary>
    public StorePath? Profile { get; init; }

    public int? ProfileGeneration { get; init; }
}
