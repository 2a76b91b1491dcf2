using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>What one person has changed in the form of one server and not proposed yet; there is no row when that is nothing.</summary>
public sealed class ConfigurationDraft
{
    public required ServerId ServerId { get; init; }

    public required Guid PersonId { get; init; }

    public required Guid OrganisationId { get; init; }

    /// <summary>As others see it.</summary>
    public required string PersonName { get; set; }

    /// <summary>The commit that the person began with; null before the first.</summary>
    public string? Basis { get; set; }

    /// <summary>Text of a <see cref="DraftText"/>: the document in that commit.</summary>
    public required string Before { get; set; }

    /// <summary>The same: what the person made of it.</summary>
    public required string Document { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }
}

internal sealed class ConfigurationDraftTable : IEntityTypeConfiguration<ConfigurationDraft>
{
    public void Configure(EntityTypeBuilder<ConfigurationDraft> builder)
    {
        builder.HasKey(draft => new { draft.ServerId, draft.PersonId });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(draft => draft.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Server>().WithMany().HasForeignKey(draft => draft.ServerId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(draft => draft.Basis).HasMaxLength(64);
    }
}
