using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>What a server's system is evaluated with. Kept as text in the database, so names are part of the format.</summary>
public enum SourceKind
{
    /// <summary>Its nixpkgs is the channel of the machine that evaluates, as <c>nixos-rebuild</c> takes it without flakes.</summary>
    Channel,
    /// <summary>A flake with <c>nixosConfigurations.NAME</c>.</summary>
    Flake,
}

/// <summary>How a server's system comes out of its folder in the repository.</summary>
public sealed class ServerSource
{
    public required ServerId ServerId { get; init; }

    public required Guid OrganisationId { get; init; }

    public required SourceKind Kind { get; set; }

    /// <summary>The flake lies in the server's own folder, as it was adopted; else it is that of the whole repository.</summary>
    public bool OwnFlake { get; set; }

    /// <summary>Name of the system in the flake; empty without one.</summary>
    public string FlakeName { get; set; } = "";

    /// <summary>Where it is built when nobody says otherwise; null: on itself.</summary>
    public ServerId? BuilderId { get; set; }

    /// <summary>What ran when it was adopted.</summary>
    public string AdoptedSystem { get; set; } = "";

    /// <summary>The commit that holds its <c>/etc/nixos</c> as it was read last: what changes there are told by.</summary>
    public string ReadCommit { get; set; } = "";

    public required DateTimeOffset AdoptedAt { get; init; }
}

internal sealed class ServerSourceTable : IEntityTypeConfiguration<ServerSource>
{
    public void Configure(EntityTypeBuilder<ServerSource> builder)
    {
        builder.HasKey(s => s.ServerId);
        builder.HasOne<Organisation>().WithMany().HasForeignKey(s => s.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Server>().WithMany().HasForeignKey(s => s.ServerId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(s => s.Kind).HasConversion<string>().HasMaxLength(40);
    }
}
