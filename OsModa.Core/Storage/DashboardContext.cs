using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Storage;

/// <summary>
/// All tables but the ledger's. Every row of an organisation has a property <c>OrganisationId</c>; such rows are read and
/// written only through a context of that organisation, without anybody asking for it. <see cref="Database"/> opens contexts.
/// How a type is stored stands beside it, in an <see cref="IEntityTypeConfiguration{TEntity}"/> of its room.
/// </summary>
public abstract class DashboardContext(DbContextOptions options, Tenant tenant) : IdentityUserContext<Person, Guid>(options)
{
    /// <summary>Name of the property that makes a row belong to an organisation.</summary>
    public const string OwnerProperty = "OrganisationId";

    public DbSet<Organisation> Organisations => Set<Organisation>();

    public DbSet<Membership> Memberships => Set<Membership>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<SetupCode> SetupCodes => Set<SetupCode>();

    public DbSet<EndedSession> EndedSessions => Set<EndedSession>();

    public DbSet<SignInCount> SignInCounts => Set<SignInCount>();

    public DbSet<Server> Servers => Set<Server>();

    public DbSet<Operation> Operations => Set<Operation>();

    public DbSet<Quarantine> Quarantines => Set<Quarantine>();

    public DbSet<ConfigurationRemote> ConfigurationRemotes => Set<ConfigurationRemote>();

    public DbSet<ServerSource> ServerSources => Set<ServerSource>();

    public DbSet<CheckRun> CheckRuns => Set<CheckRun>();

    public DbSet<Proposal> Proposals => Set<Proposal>();

    public DbSet<ProposalComment> ProposalComments => Set<ProposalComment>();

    public DbSet<Rollout> Rollouts => Set<Rollout>();

    public DbSet<RolloutServer> RolloutServers => Set<RolloutServer>();

    public DbSet<OrganisationKey> OrganisationKeys => Set<OrganisationKey>();

    public DbSet<HostKeyDecision> HostKeyDecisions => Set<HostKeyDecision>();

    public DbSet<ConfigurationDraft> ConfigurationDrafts => Set<ConfigurationDraft>();

    // Properties of the context itself, because EF Core makes parameters of query filters out of those.
    private bool SeesAll => tenant.SeesAll;

    private Guid TenantId => tenant.OrganisationId;

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RefuseForeignRows();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseForeignRows();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<ServerId>().HaveConversion<ServerIdConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Ignore<IdentityUserPasskey<Guid>>();    // Identity's base class names it; nobody signs in with one here
        builder.ApplyConfigurationsFromAssembly(typeof(DashboardContext).Assembly);
        var filter = typeof(DashboardContext).GetMethod(nameof(FilterByOrganisation), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!;
        foreach (var type in builder.Model.GetEntityTypes().Where(IsOwned).ToList())
        {
            filter.MakeGenericMethod(type.ClrType).Invoke(this, [builder]);
        }

        builder.Entity<Organisation>().HasQueryFilter(o => SeesAll || o.Id == TenantId);
    }

    private static bool IsOwned(IReadOnlyEntityType type) => !type.IsOwned() && type.FindProperty(OwnerProperty) is not null;

    private void FilterByOrganisation<T>(ModelBuilder builder)
        where T : class =>
        builder.Entity<T>().HasQueryFilter(row => SeesAll || EF.Property<Guid>(row, OwnerProperty) == TenantId);

    private void RefuseForeignRows()
    {
        if (SeesAll)
        {
            return;
        }

        foreach (var entry in ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
        {
            Guid? now = entry.Entity is Organisation organisation ? organisation.Id : null;
            Guid? before = now;
            if (IsOwned(entry.Metadata))
            {
                var property = entry.Property(OwnerProperty);
                (now, before) = ((Guid)property.CurrentValue!, (Guid)property.OriginalValue!);
            }

            if (now is { } owner && (owner != TenantId || before != TenantId))
            {
                throw new InvalidOperationException($"A {entry.Metadata.ClrType.Name} of another organisation cannot be written through this context.");
            }
        }
    }
}
