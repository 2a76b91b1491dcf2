using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;

namespace OsModa.Core.Ssh;

/// <summary>The key that the dashboard logs in with on all servers of one organisation.</summary>
public sealed class OrganisationKey
{
    /// <summary>What its private half is sealed for.</summary>
    internal const string Purpose = "organisation-key";

    public required Guid OrganisationId { get; init; }

    /// <summary>One line as in authorized_keys: type, base 64, comment.</summary>
    public required string PublicKey { get; init; }

    /// <summary>The private half, sealed by <see cref="Storage.SecretBox"/>.</summary>
    public required byte[] SealedPrivateKey { get; init; }

    public required DateTimeOffset MadeAt { get; init; }
}

internal sealed class OrganisationKeyTable : IEntityTypeConfiguration<OrganisationKey>
{
    public void Configure(EntityTypeBuilder<OrganisationKey> builder)
    {
        builder.HasKey(k => k.OrganisationId);
        builder.HasOne<Organisation>().WithMany().HasForeignKey(k => k.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(k => k.PublicKey).HasMaxLength(500);
    }
}
