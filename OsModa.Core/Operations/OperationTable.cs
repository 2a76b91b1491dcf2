using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;

namespace OsModa.Core.Operations;

internal sealed class OperationTable : IEntityTypeConfiguration<Operation>
{
    public void Configure(EntityTypeBuilder<Operation> builder)
    {
        builder.HasOne<Organisation>().WithMany().HasForeignKey(o => o.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(o => o.Kind).HasConversion<string>().HasMaxLength(40);
        builder.Property(o => o.State).HasConversion<string>().HasMaxLength(40).IsConcurrencyToken();
        builder.Property(o => o.Confirmer).HasConversion<string>().HasMaxLength(40);
        builder.Property(o => o.Verdict).HasConversion<string>().HasMaxLength(40);
        builder.HasIndex(o => new { o.ServerId, o.StartedAt });
        builder.HasIndex(o => o.ServerId).IsUnique().HasFilter("\"State\" IN ('Intended', 'Running')").HasDatabaseName("IX_Operations_OneAtATime");
    }
}
