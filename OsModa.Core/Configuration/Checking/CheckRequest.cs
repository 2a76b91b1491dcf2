using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>What a person wants checked.</summary>
public sealed record CheckRequest
{
    /// <summary>Made when the sheet opens, sent with every click on it: the same sheet never starts twice. Becomes the run's id.</summary>
    public required Guid Sheet { get; init; }

    public required ServerId Server { get; init; }

    /// <summary>Where it is evaluated and built; null: on the server itself.</summary>
    public ServerId? Builder { get; init; }

    /// <summary>The commit to check; null for the newest.</summary>
    public CommitId? Commit { get; init; }

    /// <summary>What the form holds instead of what the commit has; null to check the commit as it is.</summary>
    public SettingsDocument? Draft { get; init; }
}
