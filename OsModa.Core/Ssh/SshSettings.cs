namespace OsModa.Core.Ssh;

/// <summary>Settings of section <c>Ssh</c>.</summary>
public sealed record SshSettings
{
    /// <summary>Servers may live on this very machine: addresses such as 127.0.0.1. Off, because the dashboard would be led to services that trust it.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Servers may live in private networks: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7.</summary>
    public bool AllowPrivate { get; init; } = true;

    /// <summary>From the start of the connection to being let in: TCP 5 s, greeting 5 s, key exchange 10 s, authentication 15 s, as one sum by our own clock.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>From asking for a command to its first sign of life.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Seconds between signs of life inside the connection; three without an answer end it.</summary>
    public int KeepAliveSeconds { get; init; } = 15;

    /// <summary>Where sockets and files of running connections go; a short path, because a socket's path has 108 bytes at most. Null: the system's place for such.</summary>
    public string? RuntimeFolder { get; init; }
}
