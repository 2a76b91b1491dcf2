using OsModa.Core.Configuration;
using OsModa.Dashboard.Components;

namespace OsModa.Dashboard.Pages.Configuration.Checks;

/// <summary>Runs of checks in words.</summary>
public static class StepWords
{
    public static string Name(CheckStep step) => step switch
    {
        CheckStep.Send => "files",
        CheckStep.Options => "options",
        CheckStep.System => "whole system",
        CheckStep.Build => "build",
        _ => "copy",
    };

    public static Look Of(StepState state) => state switch
    {
        StepState.Passed => new Look("done", "healthy", "passed"),
        StepState.Failed => new Look("failed", "failed", "failed"),
        StepState.Running => new Look("probation", "probation", "running"),
        StepState.Skipped => new Look("gone", "gone", "not come to"),
        _ => Look.Waiting,
    };

    /// <summary>How long all steps took by now.</summary>
    public static TimeSpan Took(CheckProgress progress) => progress.Steps.Aggregate(TimeSpan.Zero, static (sum, step) => sum + (step.Took ?? TimeSpan.Zero));
}
