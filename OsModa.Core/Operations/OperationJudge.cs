using System.Globalization;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;

namespace OsModa.Core.Operations;

/// <param name="State">How the operation ended.</param>
/// <param name="Verdict">The server's own verdict, where there is one.</param>
/// <param name="Sentence">What came of it, for people.</param>
internal sealed record Judgement(OperationState State, SwitchVerdict? Verdict, string Sentence);

/// <summary>Decides how an operation ended, from what the server wrote down and from what is seen of it. Never guesses: what cannot be known is Unknown.</summary>
internal static class OperationJudge
{
    /// <summary>By the live stream, where observation agrees with it. Null: not over, or the server has to be asked.</summary>
    public static Judgement? ByObservation(Operation operation, SwitchProgress progress, ServerState state)
    {
        if (progress.Outcome is not { } outcome || outcome.Verdict == SwitchVerdict.NeedsPerson)
        {
            return null;
        }

        var agrees = outcome.Verdict switch
        {
            SwitchVerdict.Verified => Holds(operation, state.Pins?.Current, state.Pins?.NextBoot),
            SwitchVerdict.RolledBack => state.Pins?.Current is { } current && current.Text == BackOn(operation),
            _ => true,
        };
        return agrees ? ByOutcome(operation, progress, outcome) : null;
    }

    /// <summary>By what the server says when it is asked. Null: it still runs, or has not begun yet.</summary>
    public static Judgement? ByServer(Operation operation, ServerTruth truth)
    {
        if (truth.Running == operation.Id)
        {
            return null;
        }

        if (truth.Never)
        {
            return truth.Current?.Text == operation.TargetSystem && operation.FromSystem != operation.TargetSystem
                ? new(OperationState.Unknown, null, $"The server has no record of this operation, but it runs {operation.TargetWords}.")
                : new(OperationState.Failed, null, "It was never started on the server. Nothing was changed.");
        }

        if (truth.Progress is not { } progress)
        {
            return null;
        }

        return progress.Outcome switch
        {
            null => CutShort(operation, progress, truth),
            { Verdict: SwitchVerdict.NeedsPerson } when progress.BootId != truth.BootId => CutShort(operation, progress, truth),
            { Verified: true } outcome when !Holds(operation, outcome.Current, outcome.Profile) => new(
                OperationState.Unknown, outcome.Verdict, $"The server says that it is done, but it ran {Name(outcome.Current)} and would boot {Name(outcome.Profile)}. A person has to look."),
            { Verdict: SwitchVerdict.RolledBack } outcome when outcome.Current?.Text != BackOn(operation) => new(
                OperationState.Unknown, outcome.Verdict, $"The server says that it went back, but it ran {Name(outcome.Current)} and would boot {Name(outcome.Profile)}. A person has to look."),
            { } outcome => ByOutcome(operation, progress, outcome),
        };
    }

    // A standing watch goes back by switching to what ran before; every other operation by giving up its target.
    private static string? BackOn(Operation operation) => operation.Kind == OperationKind.StandingWatch ? operation.TargetSystem : operation.FromSystem;

    private static Judgement ByOutcome(Operation operation, SwitchProgress progress, SwitchOutcome outcome) => outcome.Verdict switch
    {
        SwitchVerdict.Verified when operation.Kind == OperationKind.StandingWatch => new(OperationState.RolledBack, outcome.Verdict, WentBack(operation, progress)),
        SwitchVerdict.Unhealthy when operation.Kind == OperationKind.StandingWatch => new(
            OperationState.Failed, outcome.Verdict, $"{Sentence(outcome.Detail)} The server runs {Number(operation.TargetGeneration)} again, and a restart starts it. A person has to look."),
        SwitchVerdict.RolledBack => new(OperationState.RolledBack, outcome.Verdict, WentBack(operation, progress)),
        SwitchVerdict.Verified => new(OperationState.Verified, outcome.Verdict, Success(operation, progress)),
        SwitchVerdict.NeedsPerson => new(OperationState.Unknown, outcome.Verdict, $"{outcome.Detail} It runs {Name(outcome.Current)} and would boot {Name(outcome.Profile)}. A person has to look."),
        SwitchVerdict.NeedsReboot => new(OperationState.Failed, outcome.Verdict, $"{outcome.Detail} Nothing was changed; choose it for the next boot and restart the server."),
        SwitchVerdict.Unhealthy => new(OperationState.Failed, outcome.Verdict, $"{outcome.Detail} A restart still starts {Number(outcome.ProfileGeneration)}: keep {operation.TargetWords}, or go back."),
        _ => new(OperationState.Failed, outcome.Verdict, $"{outcome.Detail} Nothing was changed."),
    };

    // "scout crashed twice. The server runs generation 42 again: noticed after 0.4 s, decided at 0.5 s, switched back at 1.1 s, verified at 1.6 s."
    private static string WentBack(Operation operation, SwitchProgress progress)
    {
        // What went wrong after a good decision, as the boot loader, stands in the last line alone.
        var why = progress.Decision is { Good: false, Text: { Length: > 0 } text } ? Sentence(text) + " " : progress.Decision is { Good: true } && progress.Outcome is { Detail.Length: > 0 } last ? Sentence(last.Detail) + " " : "";
        var back = operation.Kind == OperationKind.StandingWatch ? operation.TargetGeneration : operation.FromGeneration;
        var runs = $"The server runs {Number(back)} again";
        var timed = RecoveryTimes.From(progress) is { } t
            ? $"{why}{runs}: {Times(t)}"
            : $"{why}{runs}.";
        return progress.Outcome?.Profile is { } boots && boots != progress.Outcome.Current
            ? $"{timed} A restart starts another one, {Number(progress.Outcome.ProfileGeneration)}: somebody made that the default."
            : timed;
    }

    /// <summary>How long each step of a way back took, in words; the end of a sentence.</summary>
    internal static string Times(RecoveryTimes t) => $"noticed after {Seconds(t.Noticed)}, decided at {Seconds(t.Decided)}, switched back at {Seconds(t.SwitchedBack)}, verified at {Seconds(t.Verified)}.";

    // Tenths; what is shorter gets hundredths, since nobody believes in 0.0.
    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(time.TotalSeconds < 0.1 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " s";

    private static string Sentence(string text) => text is "" or [.., '.' or '!' or '?'] ? text : text + ".";

    private static string Success(Operation operation, SwitchProgress progress)
    {
        if (operation.OnlyNextBoot)
        {
            return $"A restart of the server starts {Number(NumberOf(operation, progress.Outcome?.ProfileGeneration))}.";
        }

        var done = $"The server runs {Number(NumberOf(operation, progress.Outcome?.ProfileGeneration))}, and a restart starts it.";
        return progress.Notes.FirstOrDefault(static n => n is { Kind: "reboot", State: null }) is { } waiting ? $"{done} Its {BootPartWords.ComeLater(BootPartWords.Parse(waiting.Text))}." : done;
    }

    // The journal has no last line: a restart or a kill came in between. What runs and what boots tell what is left.
    private static Judgement CutShort(Operation operation, SwitchProgress progress, ServerTruth truth)
    {
        var restarted = progress.BootId != truth.BootId;
        var what = restarted ? "The server was restarted in the middle" : "The switch was ended from outside";
        if (restarted && progress.Decision is not { Good: false } && truth.Profile?.Text == operation.TargetSystem && truth.Current?.Text == operation.TargetSystem)
        {
            var back = $"{what} and came back on {Number(NumberOf(operation, truth.ProfileGeneration))}";
            return operation.ByRestart && progress.Decision is null
                ? new(OperationState.Unknown, SwitchVerdict.NeedsPerson, $"{back}, where nothing watched it: its probation did not go on after the restart. A person has to look.")
                : new(OperationState.Verified, null, $"{back}.");
        }

        if (restarted && operation.FromSystem is { } from && truth.Current?.Text == from && truth.Profile?.Text == from)
        {
            return new(OperationState.Failed, null, $"{what} and came back on {Number(operation.FromGeneration)}, which ran before. Nothing is left of the switch.");
        }

        return new(OperationState.Unknown, SwitchVerdict.NeedsPerson, $"{what}: it runs {Name(truth.Current)} and would boot {Name(truth.Profile)}. A person has to look.");
    }

    private static bool Holds(Operation operation, StorePath? current, StorePath? nextBoot) =>
        nextBoot?.Text == operation.TargetSystem && (operation.OnlyNextBoot || current?.Text == operation.TargetSystem);

    // A system that was just built has the number that it got when it became the default.
    private static int? NumberOf(Operation operation, int? profile) => operation.TargetGeneration > 0 ? operation.TargetGeneration : profile;

    private static string Name(StorePath? system) => system is { } known ? $"{known.ShortHash} ({known.Name})" : "an unknown system";

    private static string Number(int? generation) => generation is { } number ? $"generation {number}" : "the system";
}
