namespace OsModa.Benchmarks.Servers;

/// <summary>A change of a unit's state, made on the server by systemctl.</summary>
/// <param name="Unit">Such as <c>worker-001.service</c>.</param>
/// <param name="Command">Makes it.</param>
/// <param name="State">ActiveState afterwards.</param>
internal sealed record UnitChange(string Unit, string Command, string State)
{
    /// <summary>JavaScript regular expression for what the page of units says of that state.</summary>
    public string Pattern => State switch
    {
        "active" => @"^\s*running\s*$",
        "inactive" => @"^\s*not running\s*$",
        _ => @"^\s*failed\s*$",
    };

    /// <summary>Start, crash, start, stop: over and over, each unit in its turn.</summary>
    public static IEnumerable<UnitChange> Series(IReadOnlyList<string> units, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var unit = units[i / 4 % units.Count];
            yield return (i % 4) switch
            {
                0 => new UnitChange(unit, $"systemctl stop {unit}", "inactive"),
                // Reset first: systemd refuses the sixth start within ten seconds.
                1 or 3 => new UnitChange(unit, $"systemctl reset-failed {unit}; systemctl start {unit}", "active"),
                _ => new UnitChange(unit, $"kill -KILL $(systemctl show --property=MainPID --value {unit})", "failed"),
            };
        }
    }

    /// <summary>Makes it and reads systemd's own time of it: microseconds since 1970.</summary>
    public async Task<long> MakeAsync(OpenMaster server)
    {
        var path = $"/org/freedesktop/systemd1/unit/{Unit.Replace("-", "_2d", StringComparison.Ordinal).Replace(".", "_2e", StringComparison.Ordinal)}";
        var get = $"busctl get-property org.freedesktop.systemd1 {path} org.freedesktop.systemd1.Unit ActiveState StateChangeTimestamp";
        // A killed process is seen by systemd a moment after systemctl has returned.
        var answer = await server.RunAsync($"{Command}; for i in $(seq 200); do s=$({get}); case $s in *'\"{State}\"'*) echo \"$s\"; exit 0;; esac; sleep 0.01; done; echo \"$s\" >&2; exit 1");
        return long.Parse(answer.Split(["t ", "\n"], StringSplitOptions.RemoveEmptyEntries)[^1]);
    }
}
