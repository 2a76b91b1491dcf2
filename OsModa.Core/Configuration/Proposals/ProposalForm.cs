using System.Collections.Immutable;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>What somebody proposes: one or several servers' documents, as they are to be.</summary>
public sealed record ProposalForm
{
    /// <summary>Made when the sheet opens; sent again, it is a new version of the same proposal.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it does, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>Why; may be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>It cannot be merged before a second person has approved it.</summary>
    public bool NeedsApproval { get; init; }

    public required ImmutableArray<ProposedSettings> Changes { get; init; }
}

/// <param name="Server">Whose.</param>
/// <param name="Basis">What the person began with.</param>
/// <param name="Document">What they made of it.</param>
public sealed record ProposedSettings(ServerId Server, SettingsAt Basis, SettingsDocument Document);

/// <summary>A proposal in the history.</summary>
/// <param name="Commit">The one commit.</param>
/// <param name="Servers">Whose folders it touches.</param>
public sealed record MergedProposal(CommitId Commit, ImmutableArray<ServerId> Servers);
