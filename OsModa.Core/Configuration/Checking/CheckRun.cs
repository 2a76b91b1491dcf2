using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>How a run of checks stands. Kept as text in the database, so names are part of the format.</summary>
public enum CheckState
{
    Running,
    /// <summary>The system is built and lies on its server.</summary>
    Passed,
    /// <summary>A step found a mistake.</summary>
    Failed,
    /// <summary>A person stopped it.</summary>
    Cancelled,
    /// <summary>The server ended it, or forgot it: a restart in the middle.</summary>
    Lost,
}

/// <summary>One run of all checks for one server. It goes on without the dashboard; the row is how that finds it again.</summary>
public sealed class CheckRun
{
    /// <summary>Names its folder and its unit on the machine that builds; the same id never runs twice.</summary>
    public required Guid Id { get; init; }

    public required Guid OrganisationId { get; init; }

    /// <summary>Whose configuration is checked.</summary>
    public required ServerId ServerId { get; init; }

    /// <summary>Where it is evaluated and built; null: on the server itself.</summary>
    public ServerId? BuilderId { get; init; }

    /// <summary>The commit that is checked, or that the draft stands on.</summary>
    public required string Commit { get; init; }

    /// <summary>A draft was checked, which is in no commit: what comes of it cannot be deployed.</summary>
    public required bool IsDraft { get; init; }

    public required Guid AuthorId { get; init; }

    public required string AuthorName { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public CheckState State { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Places that are set otherwise than where the server's system comes from now, one a line: what findings are brought to.</summary>
    public string Touched { get; init; } = "";

    /// <summary>What the steps came to; JSON, see <see cref="CheckRecord"/>.</summary>
    public string Steps { get; set; } = "";

    /// <summary>Store path of the system that was built; null where none was.</summary>
    public string? System { get; set; }

    /// <summary>One sentence for people.</summary>
    public string Outcome { get; set; } = "";
}
