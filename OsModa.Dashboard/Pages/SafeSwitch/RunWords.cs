using OsModa.Core.Operations;

namespace OsModa.Dashboard.Pages.SafeSwitch;

/// <summary>Runs of SafeSwitch in words.</summary>
public static class RunWords
{
    /// <summary>What it was: <c>web1 to 43</c>, <c>drill on web1</c>.</summary>
    public static string Of(Operation run, string server) => run.Kind switch
    {
        OperationKind.Drill => $"drill on {server}",
        OperationKind.StandingWatch => $"standing watch on {server}{(run.FromGeneration is { } bad ? $", {bad}" : null)}",
        _ => $"{server} to {(run.TargetGeneration > 0 ? $"{run.TargetGeneration}" : "a new system")}{(run.FromGeneration is { } from ? $" from {from}" : null)}",
    };

    /// <summary>Why it went back; null while it did not.</summary>
    public static string? Cause(Operation run) => WatchRecord.Read(run.Watched).Decision is { Good: false } decision ? decision.Text : null;
}
