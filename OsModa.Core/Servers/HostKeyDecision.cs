using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;

namespace OsModa.Core.Servers;

/// <summary>Somebody accepted host keys of a server: who, when, why, and what was accepted before. Rows are never changed or deleted.</summary>
public sealed class HostKeyDecision
{
    public required Guid Id { get; init; }

    public required Guid OrganisationId { get; init; }

    public required ServerId ServerId { get; init; }

    /// <summary>Fingerprints that were accepted until then; empty for the first decision.</summary>
    public required List<string> Before { get; init; }

    /// <summary>Fingerprints that are accepted from then on.</summary>
    public required List<string> After { get; init; }

    /// <summary>In the person's words; may be empty for the first decision only.</summary>
    public required string Reason { get; init; }

    public required Guid PersonId { get; init; }

    public required string PersonName { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed class HostKeyDecisionTable : IEntityTypeConfiguration<HostKeyDecision>
{
    public void Configure(EntityTypeBuilder<HostKeyDecision> builder)
    {
        builder.HasOne<Organisation>().WithMany().HasForeignKey(d => d.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        // No foreign key to the server: the decision outlives it.
        builder.HasIndex(d => d.ServerId);
        builder.Property(d => d.Reason).HasMaxLength(AcceptHostKeys.LongestReason);
        builder.Property(d => d.PersonName).HasMaxLength(100);
    }
}
