using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Core.Operations;

/// <summary>What was done. Kept as text in the database, so names are part of the format.</summary>
public enum OperationKind
{
    /// <summary>Back, or forward again, to a generation that the server has.</summary>
    RollBack,
    /// <summary>To a generation on probation: the server watches it and goes back by itself when it does not hold.</summary>
    Deploy,
    /// <summary>A system that crashes on purpose, deployed to see the server go back.</summary>
    Drill,
    /// <summary>The server's own standing watch went back, some time after a switch of ours; written down when it was seen.</summary>
    StandingWatch,
    /// <summary>Somebody switched the server without this dashboard; written down when it was seen.</summary>
    Elsewhere,
}

/// <summary>How an operation stands. Kept as text in the database, so names are part of the format.</summary>
public enum OperationState
{
    /// <summary>Written down, not yet seen on the server.</summary>
    Intended,
    Running,
    /// <summary>Seen by observation to be as intended.</summary>
    Verified,
    Failed,
    /// <summary>It did not hold; the server went back by itself, and runs well what it ran before.</summary>
    RolledBack,
    /// <summary>The server does not tell; a person has to look.</summary>
    Unknown,
}

/// <summary>Who confirms over a new connection that the server can still be reached. Kept as text in the database, so names are part of the format.</summary>
public enum Confirmer
{
    /// <summary>This dashboard, as soon as it gets through.</summary>
    Dashboard,
    /// <summary>A person, who looks first and presses Keep.</summary>
    Person,
}

/// <summary>One verb on one server: intent first, outcome later; rows are never deleted.</summary>
public sealed class Operation
{
    public required Guid Id { get; init; }

    public required Guid OrganisationId { get; init; }

    public required ServerId ServerId { get; init; }

    public required OperationKind Kind { get; init; }

    /// <summary>Number of the target in the profile; 0 while it has none: what was just built gets one when it becomes the default at next boot.</summary>
    public required int TargetGeneration { get; set; }

    /// <summary>The target in a sentence.</summary>
    public string TargetWords => TargetGeneration > 0 ? $"generation {TargetGeneration}" : "the new system";

    /// <summary>Its store path: what the server is told, never "one back".</summary>
    public required string TargetSystem { get; init; }

    public int? FromGeneration { get; init; }

    public string? FromSystem { get; init; }

    /// <summary>Why, in the person's words; may be empty.</summary>
    public required string Reason { get; init; }

    public required Guid AuthorId { get; init; }

    public required string AuthorName { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Only the default at next boot is set; what runs stays as it is.</summary>
    public bool OnlyNextBoot { get; init; }

    /// <summary>How it is watched; JSON, see <see cref="PlanRecord"/>. Empty where nothing watches.</summary>
    public string Plan { get; init; } = "";

    public Confirmer Confirmer { get; init; }

    /// <summary>The person knew that the target is marked bad or quarantined, and said why nevertheless.</summary>
    public bool Overrides { get; init; }

    /// <summary>The operation that a standing watch took back with this one.</summary>
    public Guid? Undoes { get; init; }

    /// <summary>The commit of the configuration that the target was built from; null where it came another way.</summary>
    public string? Commit { get; init; }

    public OperationState State { get; set; }

    /// <summary>The server's own verdict, where it gave one.</summary>
    public SwitchVerdict? Verdict { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>One sentence for people: what came of it.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>How long it took on the server, by its monotonic clock.</summary>
    public TimeSpan? Took { get; set; }

    /// <summary>Stages with times as the server journalled them; JSON, see <see cref="StageRecord"/>.</summary>
    public string Stages { get; set; } = "[]";

    /// <summary>Newest lines of the switch program, one a line; text of the server.</summary>
    public string Output { get; set; } = "";

    /// <summary>What the watch saw and decided on the server; JSON, see <see cref="WatchRecord"/>.</summary>
    public string Watched { get; set; } = "";

    /// <summary>When our confirmation over a new connection was taken by the server.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>Who confirmed: a person's name; empty for the dashboard by itself.</summary>
    public string ConfirmedBy { get; set; } = "";

    /// <summary>Name of the person who stopped it; empty when nobody did.</summary>
    public string StoppedBy { get; set; } = "";

    /// <summary>When it went back: from the trouble, by the server's own clock, until it was noticed.</summary>
    public TimeSpan? Noticed { get; set; }

    /// <summary>Until it was decided to go back.</summary>
    public TimeSpan? Decided { get; set; }

    /// <summary>Until the old system ran again.</summary>
    public TimeSpan? SwitchedBack { get; set; }

    /// <summary>Until what was in trouble was seen to be well.</summary>
    public TimeSpan? Recovered { get; set; }

    /// <summary>When units were last seen in trouble that were not before; a target becomes known-good some hours after that.</summary>
    public DateTimeOffset? TroubledAt { get; set; }

    /// <summary>Since when the target counts as known-good.</summary>
    public DateTimeOffset? KnownGoodAt { get; set; }

    /// <summary>A restart of the server belongs to it.</summary>
    public bool ByRestart => PlanRecord.Read(Plan) is { ByRestart: true };

    public bool Ended => State is not (OperationState.Intended or OperationState.Running);

    /// <summary>The system that was given up, when this went back because it went wrong: not when a person stopped it, nor when it was meant to go wrong.</summary>
    public string? GivenUp => State != OperationState.RolledBack || Kind == OperationKind.Drill || StoppedBy.Length > 0 ? null
        : Kind == OperationKind.StandingWatch ? FromSystem : TargetSystem;
}
