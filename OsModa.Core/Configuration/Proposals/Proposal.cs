using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>How a proposal stands. Kept as text in the database, so names are part of the format.</summary>
public enum ProposalState
{
    Open,
    /// <summary>One commit of it is in the history.</summary>
    Merged,
    /// <summary>Given up; nothing of it came into the history.</summary>
    Closed,
}

/// <summary>A change that somebody wants to make. What it holds is a commit of its own in the repository, under <c>refs/proposals/</c>.</summary>
public sealed class Proposal
{
    public const int LongestTitle = 120, LongestReason = 4_000;

    public required Guid Id { get; init; }

    public required Guid OrganisationId { get; init; }

    public required string Title { get; set; }

    public required string Reason { get; set; }

    public required Guid AuthorId { get; init; }

    public required string AuthorName { get; init; }

    public required string AuthorEmail { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>From 1; a new one takes the approval away.</summary>
    public int Version { get; set; } = 1;

    /// <summary>The commit of the history that it was made from.</summary>
    public required string Basis { get; set; }

    /// <summary>The commit that holds it.</summary>
    public required string Content { get; set; }

    /// <summary>It cannot be merged before a second person has approved it.</summary>
    public bool NeedsApproval { get; set; }

    public Guid? ApprovedById { get; set; }

    public string ApprovedBy { get; set; } = "";

    public DateTimeOffset? ApprovedAt { get; set; }

    public ProposalState State { get; set; }

    /// <summary>The commit in the history, once it is merged.</summary>
    public string? Merged { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public string EndedBy { get; set; } = "";

    /// <summary>The server whose changes behind our back it takes over; null for others.</summary>
    public ServerId? TakenFrom { get; internal set; }

    /// <summary>The commit beside the history that holds <c>/etc/nixos</c> of that server as it was read for this; once the proposal is merged, what changes there are told by it.</summary>
    public string? TakenAs { get; internal set; }

    /// <summary>The first version of a new one.</summary>
    /// <param name="author">Who proposes it.</param>
    /// <param name="id">Its number.</param>
    /// <param name="words">Of the commit that holds it.</param>
    /// <param name="basis">The commit of the history that it was made from.</param>
    /// <param name="content">The commit that holds it.</param>
    /// <param name="needsApproval">It waits for a second person.</param>
    internal static Proposal New(Caller author, Guid id, CommitWords words, CommitId basis, CommitId content, bool needsApproval) => new()
    {
        Id = id,
        OrganisationId = author.OrganisationId,
        Title = words.Title.Trim(),
        Reason = words.Reason.Trim(),
        AuthorId = author.PersonId,
        AuthorName = author.Name,
        AuthorEmail = words.Email,
        At = words.At,
        ChangedAt = words.At,
        Basis = basis.Text,
        Content = content.Text,
        NeedsApproval = needsApproval,
    };

    /// <summary>What stands against a title, in one sentence; null for nothing.</summary>
    internal static string? TitleFault(string title) =>
        title.Length is 0 or > LongestTitle || title.Any(char.IsControl) ? $"Say in one line of {LongestTitle} characters at most what it does." : null;

    /// <summary>It says something else from now on, and an approval was of what the approver saw.</summary>
    /// <returns>That it is withdrawn, to stand among the comments, where they look; null when there was none.</returns>
    internal ProposalComment? NewVersion(Caller by, DateTimeOffset now)
    {
        var next = Version + 1;
        var withdrawn = ApprovedBy.Length == 0 ? null : new ProposalComment
        {
            Id = Guid.CreateVersion7(now),
            OrganisationId = OrganisationId,
            ProposalId = Id,
            AuthorId = by.PersonId,
            AuthorName = by.Name,
            At = now,
            Version = next,
            Text = $"This is version {next}. The approval of {ApprovedBy} was of version {Version} and is withdrawn.",
        };
        (Version, ChangedAt) = (next, now);
        (ApprovedById, ApprovedBy, ApprovedAt) = (null, "", null);
        return withdrawn;
    }
}

/// <summary>What somebody says about a proposal.</summary>
public sealed class ProposalComment
{
    public const int LongestText = 4_000;

    public required Guid Id { get; init; }

    public required Guid OrganisationId { get; init; }

    public required Guid ProposalId { get; init; }

    public required Guid AuthorId { get; init; }

    public required string AuthorName { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The version of the proposal that it was said of.</summary>
    public required int Version { get; init; }

    public required string Text { get; init; }
}

internal sealed class ProposalTable : IEntityTypeConfiguration<Proposal>
{
    public void Configure(EntityTypeBuilder<Proposal> builder)
    {
        builder.HasOne<Organisation>().WithMany().HasForeignKey(p => p.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(p => p.State).HasConversion<string>().HasMaxLength(40).IsConcurrencyToken();
        builder.Property(p => p.Version).IsConcurrencyToken();
        // An approval that comes while a new version is written would outlive it: nothing over nothing is no change, and is not written.
        builder.Property(p => p.ApprovedById).IsConcurrencyToken();
        builder.Property(p => p.Title).HasMaxLength(Proposal.LongestTitle);
        builder.Property(p => p.Reason).HasMaxLength(Proposal.LongestReason);
        builder.HasOne<Server>().WithMany().HasForeignKey(p => p.TakenFrom).OnDelete(DeleteBehavior.SetNull);
        builder.HasIndex(p => new { p.OrganisationId, p.State, p.ChangedAt });
        // Two people who take the same over in the same moment have one proposal.
        builder.HasIndex(p => p.TakenFrom).IsUnique().HasFilter("\"State\" = 'Open'").HasDatabaseName("IX_Proposals_OneTakesOver");
    }
}

internal sealed class ProposalCommentTable : IEntityTypeConfiguration<ProposalComment>
{
    public void Configure(EntityTypeBuilder<ProposalComment> builder)
    {
        builder.HasOne<Organisation>().WithMany().HasForeignKey(c => c.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Proposal>().WithMany().HasForeignKey(c => c.ProposalId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(c => c.Text).HasMaxLength(ProposalComment.LongestText);
        builder.HasIndex(c => new { c.ProposalId, c.At });
    }
}
