using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Servers;

namespace OsModa.Core.Observation;

/// <summary>A generation that was seen on a server. Its number may come again for another system, so both identify it.</summary>
public sealed class GenerationHistory
{
    public required Guid OrganisationId { get; init; }

    public required ServerId ServerId { get; init; }

    public required int Number { get; init; }

    /// <summary>Text of a <see cref="StorePath"/>.</summary>
    public required string System { get; init; }

    /// <summary>When this dashboard first saw it.</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When the profile was set to it, by the server's clock.</summary>
    public DateTimeOffset ActivatedAt { get; set; }

    /// <summary>When it was first seen missing.</summary>
    public DateTimeOffset? GoneAt { get; set; }

    /// <summary>The last moment at which it was known to be there; null where it was watched when it went.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    public string? Label { get; set; }

    public string? KernelVersion { get; set; }

    public string? ConfigurationRevision { get; set; }

    /// <summary>Separated by a space.</summary>
    public string Specialisations { get; set; } = "";

    public long? ClosureBytes { get; set; }

    public long? ClosureExclusiveBytes { get; set; }

    public int? ClosurePaths { get; set; }

    /// <summary>Null when the row holds no store path, which only another hand can have written.</summary>
    public Generation? ToGeneration() => !StorePath.TryParse(System, out var system) ? null : new Generation
    {
        Number = Number,
        System = system,
        ActivatedAt = ActivatedAt,
        Label = Label,
        KernelVersion = KernelVersion,
        ConfigurationRevision = ConfigurationRevision,
        Specialisations = [.. Specialisations.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        Closure = ClosureBytes is { } bytes && ClosureExclusiveBytes is { } exclusive && ClosurePaths is { } paths ? new ClosureSize(bytes, exclusive, paths) : null,
        GoneAt = GoneAt,
        SeenAt = SeenAt,
    };

    /// <summary>Takes over what may change.</summary>
    public void Take(Generation generation)
    {
        ActivatedAt = generation.ActivatedAt;
        GoneAt = generation.GoneAt;
        SeenAt = generation.SeenAt;
        Label = generation.Label ?? Label;
        KernelVersion = generation.KernelVersion ?? KernelVersion;
        ConfigurationRevision = generation.ConfigurationRevision ?? ConfigurationRevision;
        Specialisations = string.Join(' ', generation.Specialisations);
        if (generation.Closure is { } closure)
        {
            (ClosureBytes, ClosureExclusiveBytes, ClosurePaths) = (closure.Bytes, closure.ExclusiveBytes, closure.Paths);
        }
    }

    internal sealed class Table : IEntityTypeConfiguration<GenerationHistory>
    {
        public void Configure(EntityTypeBuilder<GenerationHistory> builder)
        {
            builder.ToTable("Generations");
            builder.HasKey(row => new { row.ServerId, row.Number, row.System });
            builder.HasOne<Organisation>().WithMany().HasForeignKey(row => row.OrganisationId).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<Server>().WithMany().HasForeignKey(row => row.ServerId).OnDelete(DeleteBehavior.Cascade);
            builder.Property(row => row.System).HasMaxLength(300);
            builder.Property(row => row.Label).HasMaxLength(200);
            builder.Property(row => row.KernelVersion).HasMaxLength(200);
            builder.Property(row => row.ConfigurationRevision).HasMaxLength(200);
            builder.Property(row => row.Specialisations).HasMaxLength(1_000);
        }
    }
}
