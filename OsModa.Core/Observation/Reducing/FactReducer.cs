using System.Globalization;

namespace OsModa.Core.Observation;

/// <summary>Takes in the facts of a server, by the keys of Protocol.md.</summary>
internal static class FactReducer
{
    public static HostFacts Told(HostFacts facts, string key, string value) => key switch
    {
        "hostname" => facts with { HostName = value },
        "os" => facts with { OsName = value },
        "os-id" => facts with { OsId = value },
        "kernel" => facts with { KernelRunning = value },
        "systemd" => facts with { SystemdVersion = value },
        "nix" => facts with { NixVersion = value },
        "machine" => facts with { Machine = value },
        "cores" => facts with { Cores = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var cores) ? cores : 0 },
        "booted" => facts with { BootedAt = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var wall) ? Moment(wall) : null },
        _ => facts,
    };

    private static DateTimeOffset? Moment(long microseconds) =>
        microseconds <= (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
            ? DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds)
            : null;
}
