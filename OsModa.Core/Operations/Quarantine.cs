using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;

namespace OsModa.Core.Operations;

/// <summary>A system that went wrong on one server, and is therefore refused on every server of the organisation until a person lifts that.</summary>
public sealed class Quarantine
{
    public required Guid Id { get; init; }

    public required Guid OrganisationId { get; init; }

    /// <summary>Store path.</summary>
    public required string System { get; init; }

    /// <summary>Where it went wrong.</summary>
    public required ServerId ServerId { get; init; }

    /// <summary>Its number there; 0 where it had none.</summary>
    public required int Generation { get; init; }

    /// <summary>The operation that it went wrong in.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>What went wrong, in one sentence.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? LiftedAt { get; set; }

    public string? LiftedBy { get; set; }

    /// <summary>Why, in the person's words.</summary>
    public string? LiftReason { get; set; }
}

internal sealed class QuarantineTable : IEntityTypeConfiguration<Quarantine>
{
    public void Configure(EntityTypeBuilder<Quarantine> builder)
    {
        builder.HasOne<Organisation>().WithMany().HasForeignKey(q => q.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(q => new { q.OrganisationId, q.System }).IsUnique().HasFilter("\"LiftedAt\" IS NULL").HasDatabaseName("IX_Quarantines_OnceAtATime");
    }
}
