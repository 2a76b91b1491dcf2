using System.Collections.Immutable;

namespace OsModa.Core.Configuration;

/// <summary>The steps of a run as they follow each other.</summary>
internal static class CheckSteps
{
    private static readonly CheckStep[] Own = [CheckStep.Send, CheckStep.Options, CheckStep.System, CheckStep.Build];

    /// <summary>A run that the machine has taken, or is about to take.</summary>
    public static CheckProgress Begin(Guid run, bool hasBuilder) => new(
        run,
        CheckState.Running,
        [.. (hasBuilder ? Own.Append(CheckStep.Copy) : Own).Select(step => new CheckedStep(step, step == CheckStep.Send ? StepState.Running : StepState.Waiting, null, []))],
        BuildProgress.Nothing,
        null,
        null,
        Heard: true,
        "");

    /// <summary>As check.sh calls it.</summary>
    public static CheckStep? Named(string word) => word switch { "options" => CheckStep.Options, "system" => CheckStep.System, "build" => CheckStep.Build, _ => null };

    /// <summary>After the last line of the machine that builds.</summary>
    public static CheckProgress Over(CheckProgress progress, string word, string why, ImmutableList<string> errors)
    {
        var copies = progress.Steps.Any(step => step is { Step: CheckStep.Copy, State: StepState.Waiting });
        var state = word switch
        {
            "passed" when progress.System is not null => copies ? CheckState.Running : CheckState.Passed,
            "failed" => CheckState.Failed,
            "cancelled" => CheckState.Cancelled,
            _ => CheckState.Lost,
        };
        return state is CheckState.Running or CheckState.Passed ? progress with { State = state, Outcome = state == CheckState.Passed ? "The system is built." : "" } : End(progress, state, why);
    }

    /// <summary>Ends a run that came to nothing; what it had begun has failed, the rest is skipped.</summary>
    public static CheckProgress End(CheckProgress progress, CheckState state, string why) => progress with
    {
        State = state,
        System = null,
        Steps = [.. progress.Steps.Select(step => step.State switch
        {
            StepState.Running => step with { State = StepState.Failed },
            StepState.Waiting => step with { State = StepState.Skipped },
            _ => step,
        })],
        Outcome = why.Length > 0 ? why : state switch
        {
            CheckState.Cancelled => "It was stopped.",
            CheckState.Lost => "The server ended the checks.",
            _ => progress.Steps.SelectMany(step => step.Findings).FirstOrDefault(finding => !finding.IsWarning)?.Sentence ?? "The checks found a mistake that Nix gives no words for.",
        },
    };
}
