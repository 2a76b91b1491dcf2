namespace OsModa.Core.Configuration;

/// <summary>What a person says of a commit that is to be taken back.</summary>
public sealed record RevertForm
{
    /// <summary>Made when the sheet opens; sent again, it is the same proposal. Becomes the proposal's id.</summary>
    public required Guid Id { get; init; }

    public required CommitId Commit { get; init; }

    /// <summary>Why; may be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>It cannot be merged before a second person has approved it.</summary>
    public bool NeedsApproval { get; init; }
}
