using OsModa.Core.Configuration;
using OsModa.Dashboard.Components;

namespace OsModa.Dashboard.Pages.Configuration.Fleetwide;

/// <summary>States of rollouts as people see them.</summary>
internal static class RolloutWords
{
    public static Look Of(RolloutState state) => state switch
    {
        RolloutState.Checking => new("probation", "probation", "checking"),
        RolloutState.Ready => new("waiting", "waiting", "waits for a decision"),
        RolloutState.Deploying => new("probation", "probation", "on its way"),
        RolloutState.Stopping => new("probation", "probation", "stopping"),
        RolloutState.Done => new("done", "healthy", "done"),
        _ => new("failed", "failed", "stopped"),
    };

    public static Look Of(RolloutServerState state) => state switch
    {
        RolloutServerState.Waiting => Look.Waiting,
        RolloutServerState.Checking => new("probation", "probation", "checking"),
        RolloutServerState.Unchanged => new("done", "healthy", "nothing changes"),
        RolloutServerState.Changes => new("waiting", "waiting", "changes"),
        RolloutServerState.CheckFailed => new("failed", "failed", "checks failed"),
        RolloutServerState.Deploying => new("probation", "probation", "switching"),
        RolloutServerState.Deployed => new("done", "healthy", "runs it"),
        RolloutServerState.Failed => Look.RolledBack,
        _ => new("gone", "gone", "not touched"),
    };
}
