using System.Globalization;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Pages.Rollback;

/// <summary>How many seconds the ruler of the stopwatch spans, and where its marks stand.</summary>
/// <param name="Seconds">Full length.</param>
/// <param name="Step">Between two marks.</param>
/// <param name="Labelled">Between two marks with a figure; a whole number of steps.</param>
public sealed record StageScale(double Seconds, double Step, double Labelled)
{
    private static readonly StageScale[] All =
    [
        new(2, 0.1, 0.5), new(5, 0.5, 1), new(10, 0.5, 2), new(20, 1, 5), new(30, 1, 5), new(60, 5, 10), new(120, 10, 30), new(300, 30, 60), new(600, 60, 120), new(1800, 60, 300), new(7200, 600, 1200),
    ];

    /// <summary>The shortest ruler that the time fits on, and what is expected; with a little room for the next moment while it runs.</summary>
    public static StageScale For(TimeSpan elapsed, TimeSpan? expected = null)
    {
        var needed = expected is null ? elapsed.TotalSeconds : Math.Max(elapsed.TotalSeconds + 0.3, expected.Value.TotalSeconds);
        return Array.Find(All, scale => scale.Seconds >= needed) ?? All[^1];
    }

    public IEnumerable<(double At, string? Label)> Marks()
    {
        var steps = (int)Math.Round(Seconds / Step);
        var labelled = (int)Math.Round(Labelled / Step);
        for (var i = 0; i <= steps; i++)
        {
            var at = i * Step;
            yield return (at, i % labelled == 0 ? Seconds <= 5 ? at.ToString("0.0", CultureInfo.InvariantCulture) : Figure(at) : null);
        }
    }

    public string Percent(double at) => (at / Seconds * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static string Figure(double seconds) => seconds < 120 ? $"{seconds:0}" : $"{(int)seconds / 60}:{(int)seconds % 60:00}";
}

/// <summary>The stages of a switch in words, those to come included.</summary>
public static class StageWords
{
    private static readonly string[] Whole = ["preflight", "armed", "activate", "probation", "commit"];
    private static readonly string[] WithRestart = ["preflight", "commit", "armed", "restart", "probation"];
    private static readonly string[] Back = ["back", "recheck"];
    private static readonly string[] NextBootOnly = ["preflight", "commit"];

    /// <summary>Names of the stages that have not begun, in order; none once it is over.</summary>
    public static IEnumerable<string> ToCome(SwitchProgress progress)
    {
        if (progress.Outcome is not null || progress.Operation is null)
        {
            return [];
        }

        var order = progress is { Decision.Good: false, Undoes: null } ? Back : progress.Mode switch { SwitchMode.Boot => NextBootOnly, SwitchMode.Restart => WithRestart, _ => Whole };
        var reached = progress.Stages.IsEmpty ? -1 : progress.Stages.Max(stage => Array.IndexOf(order, Old(stage.Name)));
        return order.Skip(reached + 1);
    }

    /// <param name="stage">Its word in the journal.</param>
    /// <param name="target">Generation that is gone to; null or 0 for a system that is none.</param>
    /// <param name="from">Generation that it may go back to.</param>
    public static string Of(string stage, int? target, int? from = null)
    {
        var to = target is > 0 and { } number ? number.ToString(CultureInfo.InvariantCulture) : "it";
        return stage switch
        {
            "preflight" => "Checks",
            "armed" => "Safety timer",
            "activate" => $"Switch to {to}",
            "restart" => $"Restart into {to}",
            "probation" => "Probation",
            "verify" => "Verify",
            "commit" => $"Next boot on {to}",
            "back" => $"Back to {(from is { } before ? before.ToString(CultureInfo.InvariantCulture) : "before")}",
            "recheck" => "Verify again",
            _ => stage,
        };
    }

    /// <summary>What happens now, for the large line beside the figure.</summary>
    public static string Doing(SwitchProgress progress) => progress.Stages is [.., { Until: null } running]
        ? running.Name switch
        {
            "preflight" => "Checking",
            "armed" => "Arming the timer",
            "activate" => "Switching",
            "restart" => "Restarting",
            "probation" => progress.Probation > TimeSpan.Zero ? "On probation" : "Verifying",
            "verify" or "recheck" => "Verifying",
            "commit" => "Making it the default",
            "back" => progress.Restarting ? "Restarting to go back" : "Going back",
            _ => running.Name,
        }
        : progress.Stages.IsEmpty ? "Starting" : "Going on";

    // Journals of format 1 call the look after the activation so.
    private static string Old(string stage) => stage == "verify" ? "probation" : stage;
}
