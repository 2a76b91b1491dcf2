using OsModa.Core.Servers;

namespace OsModa.Core.Operations;

public enum OperationKind
{
    RollBack,
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

    public OperationState State { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>One sentence for people: what came of it.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>Stages with times as the server journalled them, JSON array of stages.</summary>
    public string Stages { get; set; } = "[]";

    public bool Ended => State is OperationState.Verified or OperationState.Failed or OperationState.Unknown;
}
