using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Core.SafeSwitch;

/// <summary>
/// Makes the progress of a switch from what the server writes down about it, line after line. Pure: the same lines make the same
/// progress, whether they come live in frames or are read again from the file. A line that does not belong changes nothing.
/// </summary>
public static class SwitchJournal
{
    private const int MaxStages = 16, MaxNotes = 64, MaxTrouble = 32, MaxOutput = 200;
    private const string RestartStage = "restart";

    /// <summary>The progress after one more line of the journal of <paramref name="operation"/>; the same object when it changes nothing.</summary>
    public static SwitchProgress? Apply(SwitchProgress? progress, Guid operation, string text)
    {
        if (!JournalLine.TryParse(text, out var line))
        {
            return progress;
        }

        if (line is JournalLine.Begin begin)
        {
            return begin.Operation == operation ? Started(begin) : progress;
        }

        return progress?.Operation == operation && progress.Outcome is null ? Next(progress, line!) : progress;
    }

    /// <summary>The progress after one more line that the switch program printed.</summary>
    public static SwitchProgress? ApplyOutput(SwitchProgress? progress, Guid operation, string text) =>
        progress?.Operation == operation && JournalLine.Harmless(text) is { Length: > 0 } harmless
            ? progress with { Output = Add(progress.Output, harmless, MaxOutput) }
            : progress;

    /// <summary>The same for a line of the live stream <c>/run/osmoda/operation</c>: <c>J</c> or <c>O</c>, the operation's id, the line.</summary>
    public static SwitchProgress? Follow(SwitchProgress? progress, string text)
    {
        var parts = text.Split('\t', 3);
        if (parts.Length != 3 || !Guid.TryParseExact(parts[1], "D", out var operation))
        {
            return progress;
        }

        return parts[0] switch
        {
            "J" => Apply(progress, operation, parts[2]),
            "O" => ApplyOutput(progress, operation, parts[2]),
            _ => progress,
        };
    }

    private static SwitchProgress Started(JournalLine.Begin begin) => new(begin.Operation, begin.Target, [], [])
    {
        Generation = begin.Generation,
        From = begin.From,
        Mode = begin.Mode,
        StartedAt = begin.Wall - begin.At,
        BootId = begin.BootId,
        Probation = begin.Probation,
        Confirm = begin.Confirm,
    };

    private static SwitchProgress Next(SwitchProgress progress, JournalLine line) => line switch
    {
        JournalLine.Stage stage when progress.Stages.Length < MaxStages => progress with { Stages = progress.Stages.Add(new SwitchStage(stage.Name, stage.At, null, false, "")) },
        JournalLine.Ended ended => End(progress, ended),
        JournalLine.Check check => progress with { Notes = Add(progress.Notes, new SwitchNote(check.At, check.Name, check.State, check.Text), MaxNotes) },
        JournalLine.Note note => progress with { Notes = Add(progress.Notes, new SwitchNote(note.At, note.Kind, null, note.Text), MaxNotes) },
        // The first evidence is what counts, and must not be pushed out by what follows from it.
        JournalLine.Trouble trouble when progress.Trouble.Length < MaxTrouble =>
            progress with { Trouble = progress.Trouble.Add(new SwitchTrouble(trouble.At, Earlier(trouble.Since, trouble.At), trouble.Kind, trouble.Unit, trouble.Text)) },
        JournalLine.Decided verdict => progress with { Decision = progress.Decision ?? new SwitchDecision(verdict.At, verdict.Good, verdict.Unit, verdict.Text) },
        JournalLine.Confirmed confirmed => progress with { ConfirmedAt = progress.ConfirmedAt ?? confirmed.At },
        JournalLine.Restart restart => Restarted(progress, restart),
        JournalLine.Boot boot => End(progress, new JournalLine.Ended(boot.At, boot.Wall, RestartStage, Ok: true, "")) with { BootId = boot.BootId, Restarting = false },
        JournalLine.Cause cause => progress with { Undoes = cause.Undoes },
        JournalLine.Done done => Finish(progress, done),
        _ => progress,
    };

    // The way there is a stage of its own to whoever watches; the way back stands within its stage.
    private static SwitchProgress Restarted(SwitchProgress progress, JournalLine.Restart restart) => progress with
    {
        Restarting = true,
        Stages = progress.Stages is [.., { Until: null }] || progress.Stages.Length >= MaxStages ? progress.Stages : progress.Stages.Add(new SwitchStage(RestartStage, restart.At, null, false, "")),
    };

    private static SwitchProgress End(SwitchProgress progress, JournalLine.Ended ended) =>
        progress.Stages is [.., { Until: null } running] && running.Name == ended.Name
            ? progress with { Stages = progress.Stages.SetItem(progress.Stages.Length - 1, running with { Until = Later(running.From, ended.At), Failed = !ended.Ok, Detail = ended.Text }) }
            : progress;

    private static SwitchProgress Finish(SwitchProgress progress, JournalLine.Done done)
    {
        var stages = progress.Stages is [.., { Until: null } running]
            ? progress.Stages.SetItem(progress.Stages.Length - 1, running with { Until = Later(running.From, done.At), Failed = done.Verdict is not (SwitchVerdict.Verified or SwitchVerdict.RolledBack) })
            : progress.Stages;
        return progress with
        {
            Stages = stages,
            Outcome = new SwitchOutcome(done.Verdict, done.ExitStatus, done.Text)
            {
                Took = done.At, Current = done.Current, Profile = done.Profile, ProfileGeneration = done.ProfileGeneration,
            },
        };
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static ImmutableArray<T> Add<T>(ImmutableArray<T> items, T item, int most) => items.Length < most ? items.Add(item) : items.RemoveAt(0).Add(item);
}
