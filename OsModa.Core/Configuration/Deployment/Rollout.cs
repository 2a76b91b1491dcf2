using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>How a rollout stands. Kept as text in the database, so names are part of the format.</summary>
public enum RolloutState
{
    /// <summary>Each server's system is built.</summary>
    Checking,
    /// <summary>It is known whose system changes; a person decides.</summary>
    Ready,
    /// <summary>One server after the other.</summary>
    Deploying,
    /// <summary>A person stopped it while a server was switched: that one goes to its end, those after it are not touched.</summary>
    Stopping,
    Done,
    /// <summary>A server went back, a check failed, or a person stopped it: those after it were not touched.</summary>
    Stopped,
}

/// <summary>How one server of a rollout stands. Kept as text in the database, so names are part of the format.</summary>
public enum RolloutServerState
{
    Waiting,
    Checking,
    /// <summary>The system that is built is the one that runs.</summary>
    Unchanged,
    Changes,
    CheckFailed,
    Deploying,
    Deployed,
    /// <summary>It went back by itself, or was not switched.</summary>
    Failed,
    /// <summary>Not come to.</summary>
    Skipped,
}

/// <summary>One commit on its way to several servers, one after the other.</summary>
public sealed class Rollout
{
    public const int MostServers = 200;

    public required Guid Id { get; init; }

    public required Guid OrganisationId { get; init; }

    public required string Commit { get; init; }

    public required string Reason { get; init; }

    public required Guid AuthorId { get; init; }

    public required string AuthorName { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public RolloutState State { get; set; }

    /// <summary>One sentence for people.</summary>
    public string Outcome { get; set; } = "";
}

/// <summary>One server of a rollout.</summary>
public sealed class RolloutServer
{
    public required Guid RolloutId { get; init; }

    public required ServerId ServerId { get; init; }

    public required Guid OrganisationId { get; init; }

    /// <summary>From 0: their order.</summary>
    public required int Position { get; init; }

    /// <summary>Its run of checks; another one once the server was changed behind the rollout's back.</summary>
    public required Guid CheckId { get; set; }

    /// <summary>Its deployment, when there is one.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>As the person typed it, where the server asks for that.</summary>
    public string TypedName { get; set; } = "";

    public RolloutServerState State { get; set; }

    /// <summary>One sentence for people.</summary>
    public string Text { get; set; } = "";
}

internal sealed class RolloutTable : IEntityTypeConfiguration<Rollout>
{
    public void Configure(EntityTypeBuilder<Rollout> builder)
    {
        builder.HasOne<Organisation>().WithMany().HasForeignKey(r => r.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(40);
        builder.HasIndex(r => new { r.OrganisationId, r.StartedAt });
    }
}

internal sealed class RolloutServerTable : IEntityTypeConfiguration<RolloutServer>
{
    public void Configure(EntityTypeBuilder<RolloutServer> builder)
    {
        builder.HasKey(s => new { s.RolloutId, s.ServerId });
        builder.HasOne<Organisation>().WithMany().HasForeignKey(s => s.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Rollout>().WithMany().HasForeignKey(s => s.RolloutId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(s => s.State).HasConversion<string>().HasMaxLength(40);
    }
}
