using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Operations;
using OsModa.Core.Servers;

namespace OsModa.Core.Storage;

/// <summary>All tables but the ledger's. Every row of an organisation carries its id.</summary>
public sealed class DashboardContext(DbContextOptions<DashboardContext> options) : IdentityUserContext<Person, Guid>(options)
{
    public DbSet<Organisation> Organisations => Set<Organisation>();

    public DbSet<Membership> Memberships => Set<Membership>();

    public DbSet<Server> Servers => Set<Server>();

    public DbSet<Operation> Operations => Set<Operation>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Membership>().HasKey(m => new { m.PersonId, m.OrganisationId });
        builder.Entity<Server>(server =>
        {
            server.Property(s => s.Id).HasConversion(id => id.Value, value => new ServerId(value));
            server.Property(s => s.JumpThrough).HasConversion(id => id!.Value.Value, value => new ServerId(value));
            server.HasIndex(s => new { s.OrganisationId, s.Name }).IsUnique();
            server.OwnsMany(s => s.HostKeys, keys => keys.ToJson());
        });
        builder.Entity<Operation>(operation =>
        {
            operation.Property(o => o.ServerId).HasConversion(id => id.Value, value => new ServerId(value));
            operation.Property(o => o.Kind).HasConversion<string>();
            operation.Property(o => o.State).HasConversion<string>();
            operation.HasIndex(o => o.ServerId).IsUnique().HasFilter("\"State\" IN ('Intended', 'Running')").HasDatabaseName("IX_Operations_OneAtATime");
        });
    }
}
