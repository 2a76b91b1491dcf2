namespace OsModa.Core.Servers;

/// <summary>A server that an organisation has added.</summary>
public sealed class Server
{
    public required ServerId Id { get; init; }

    public required Guid OrganisationId { get; init; }

    /// <summary>What people call it; unique in its organisation. Letters, digits, dot, dash, underscore; 63 at most.</summary>
    public required string Name { get; set; }

    /// <summary>Text of a <see cref="HostAddress"/>.</summary>
    public required string Address { get; set; }

    /// <summary>1 to 65535.</summary>
    public int Port { get; set; } = 22;

    /// <summary>Text of a <see cref="LoginName"/>.</summary>
    public required string Login { get; set; }

    /// <summary>Another server of the same organisation to go through; null for a direct way.</summary>
    public ServerId? JumpThrough { get; set; }

    /// <summary>Lower-case words, such as <c>production</c>.</summary>
    public List<string> Tags { get; init; } = [];

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>It lives in this process (OsModa.Demo) and has no address on any network.</summary>
    public bool Simulated { get; init; }

    /// <summary>Host keys that a person accepted.</summary>
    public List<PinnedHostKey> HostKeys { get; init; } = [];

    /// <summary>Set when it showed a host key that nobody has accepted: nothing is sent to it until a person has decided.</summary>
    public HostKeyAlarm? HostKeyAlarm { get; set; }
}

/// <summary>A host key as accepted by a person.</summary>
public sealed class PinnedHostKey
{
    /// <summary>Such as <c>ssh-ed25519</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Base 64 as in known_hosts.</summary>
    public required string Key { get; init; }

    /// <summary><c>SHA256:…</c> as ssh-keygen -l prints it.</summary>
    public required string Fingerprint { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Name of the person.</summary>
    public required string AcceptedBy { get; init; }

    /// <param name="key">As the host shows it.</param>
    /// <param name="at">When a person accepted it.</param>
    /// <param name="by">Name of the person.</param>
    internal static PinnedHostKey Of(HostKey key, DateTimeOffset at, string by) => new() { Type = key.Type, Key = key.Key, Fingerprint = key.Fingerprint, AcceptedAt = at, AcceptedBy = by };
}

/// <summary>A server showed another host key than those accepted.</summary>
public sealed class HostKeyAlarm
{
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Fingerprints that it showed, best kind first; empty when they could not be read.</summary>
    public required List<string> Shown { get; init; }
}
