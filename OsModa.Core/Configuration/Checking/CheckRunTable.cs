using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;

namespace OsModa.Core.Configuration;

internal sealed class CheckRunTable : IEntityTypeConfiguration<CheckRun>
{
    public void Configure(EntityTypeBuilder<CheckRun> builder)
    {
        builder.HasOne<Organisation>().WithMany().HasForeignKey(r => r.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(40);
        builder.HasIndex(r => new { r.ServerId, r.StartedAt });
        builder.HasIndex(r => r.State).HasFilter("\"State\" = 'Running'").HasDatabaseName("IX_CheckRuns_Running");
    }
}
