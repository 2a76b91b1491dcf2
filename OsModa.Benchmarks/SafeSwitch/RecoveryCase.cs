using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;

namespace OsModa.Benchmarks.SafeSwitch;

/// <summary>One way in which a change is bad, and what its recovery must not exceed, in seconds; null for no limit.</summary>
internal sealed record RecoveryCase(string Name, string Idea, SwitchPlan Plan, double? Median, double? P95, double? Most, double? NoticedP95)
{
    private static readonly TimeSpan Confirm = TimeSpan.FromSeconds(5);

    public static RecoveryCase[] All { get; } =
    [
        new("exits_at_once", "exitsAtOnce", SwitchPlan.Deployment with { Confirm = TimeSpan.Zero }, 2, 3, 6, 0.7),
        new("exits_after_3s", "exitsAfter3", SwitchPlan.Deployment with { Confirm = TimeSpan.Zero }, 2, 3, 6, null),
        new("port_closed", "unit", new SwitchPlan { Probation = TimeSpan.FromSeconds(4), Checks = [Port()] }, null, null, null, null),
        new("cut_off", "networkLost", new SwitchPlan { Probation = TimeSpan.FromSeconds(1), Confirm = Confirm }, null, null, Confirm.TotalSeconds + 2, null),
    ];

    /// <summary>The times of one run. A server that is cut off counts from the end of the activation: what cut it off happened by then.</summary>
    public RecoveryTimes Times(SwitchProgress progress)
    {
        var times = RecoveryTimes.From(progress) ?? throw new InvalidOperationException($"{Name} did not end on the old system: {progress.Outcome}");
        if (Plan.Confirm == TimeSpan.Zero)
        {
            return times;
        }

        var waited = progress.Trouble[0].Since - progress.Stages.Single(stage => stage.Name == "activate").Until!.Value;
        return new(times.Noticed + waited, times.Decided + waited, times.SwitchedBack + waited, times.Verified + waited);
    }

    private static HealthCheck.OfPort Port() =>
        HealthCheckName.TryParse("port", out var name, out _) && HostAddress.TryParse("127.0.0.1", out var host, out _) && TcpPort.TryParse("8080", out var port, out _)
            ? new HealthCheck.OfPort(name, host, port) : throw new InvalidOperationException("The check of the benchmark is none.");
}
