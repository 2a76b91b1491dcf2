using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;

namespace OsModa.Core.Servers;

internal sealed class ServerTable : IEntityTypeConfiguration<Server>
{
    public void Configure(EntityTypeBuilder<Server> builder)
    {
        builder.HasOne<Organisation>().WithMany().HasForeignKey(s => s.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(s => new { s.OrganisationId, s.Name }).IsUnique();
        builder.Property(s => s.Name).HasMaxLength(63);
        builder.Property(s => s.Address).HasMaxLength(253);
        builder.Property(s => s.Login).HasMaxLength(32);
        builder.OwnsMany(s => s.HostKeys, keys => keys.ToJson());
        builder.OwnsOne(s => s.HostKeyAlarm, alarm => alarm.ToJson());
    }
}
