using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>The customer's own repository, whose branch is what the organisation's configuration is. There is no row where ours is alone.</summary>
public sealed class ConfigurationRemote
{
    public required Guid OrganisationId { get; init; }

    /// <summary>Names the host to ssh, whatever its address; made by us.</summary>
    public required ServerId HostId { get; init; }

    /// <summary>Text of a <see cref="RemoteAddress"/>.</summary>
    public required string Address { get; set; }

    /// <summary>Text of a <see cref="BranchName"/>.</summary>
    public required string Branch { get; set; }

    /// <summary>Host keys that a person accepted.</summary>
    public List<PinnedHostKey> HostKeys { get; init; } = [];

    /// <summary>Set when the host showed a key that nobody has accepted: nothing is sent to it until an owner has decided.</summary>
    public HostKeyAlarm? HostKeyAlarm { get; set; }

    public required DateTimeOffset ConnectedAt { get; set; }

    /// <summary>Name of the person.</summary>
    public required string ConnectedBy { get; set; }

    /// <summary>When it last answered; up to ten minutes old while the dashboard runs.</summary>
    public DateTimeOffset? HeardAt { get; set; }

    /// <summary>Why it does not answer, in sentences; null while it does.</summary>
    public string? Fault { get; set; }

    public DateTimeOffset? FaultSince { get; set; }

    /// <summary>When its history was last rewritten under us, as by a forced push; null when it never was, or somebody has looked at it.</summary>
    public DateTimeOffset? RewrittenAt { get; set; }

    /// <summary>The head that is no longer in the history; kept here.</summary>
    public string? RewrittenFrom { get; set; }

    /// <summary>The head that took its place.</summary>
    public string? RewrittenTo { get; set; }
}

internal sealed class ConfigurationRemoteTable : IEntityTypeConfiguration<ConfigurationRemote>
{
    public const int LongestFault = 2_000;

    public void Configure(EntityTypeBuilder<ConfigurationRemote> builder)
    {
        builder.HasKey(remote => remote.OrganisationId);
        builder.HasOne<Organisation>().WithMany().HasForeignKey(remote => remote.OrganisationId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(remote => remote.Address).HasMaxLength(RemoteAddress.Longest);
        builder.Property(remote => remote.Branch).HasMaxLength(BranchName.Longest);
        builder.Property(remote => remote.ConnectedBy).HasMaxLength(PlainName.MaxLength);
        builder.Property(remote => remote.Fault).HasMaxLength(LongestFault);
        builder.Property(remote => remote.RewrittenFrom).HasMaxLength(64);
        builder.Property(remote => remote.RewrittenTo).HasMaxLength(64);
        builder.OwnsMany(remote => remote.HostKeys, keys => keys.ToJson());
        builder.OwnsOne(remote => remote.HostKeyAlarm, alarm => alarm.ToJson());
    }
}
