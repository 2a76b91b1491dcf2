using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Core.Operations;

/// <summary>What was done. Kept as text in the database, so names are part of the format.</summary>
public enum OperationKind
{
    /// <summary>Back, or forward again, to a generation that the server has.</summary>
    RollBack,
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
    /// <summary>The server does not tell; a person has to look.</summary>
    Unknown,
}

/// <summary>One verb on one server: intent first, outcome later; rows are never deleted.</summary>
public sealed class Operation
{
    public required Guid Id { get; init; }

    public required Guid OrganisationId { get; init; }

    public required ServerId ServerId { get; init; }

    public required OperationKind Kind { get; init; }

    /// <summary>Generation that the person chose.</summary>
    public required int TargetGeneration { get; init; }

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

    public bool Ended => State is OperationState.Verified or OperationState.Failed or OperationState.Unknown;
}
