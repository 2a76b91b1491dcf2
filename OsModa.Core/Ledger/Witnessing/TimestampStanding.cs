using System.Collections.Concurrent;
using System.Text;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>How it stands between a log of ours and the time-stamping authority.</summary>
/// <param name="Authority">As it was called when it stamped the newest head that it has stamped; before the first, as the settings call it.</param>
/// <param name="Size">Entries under that head; 0 before the first.</param>
/// <param name="At">When that was stamped, by the authority's clock; null before the first.</param>
/// <param name="Trouble">Why the last attempt came to nothing; null when it did not.</param>
public sealed record TimestampState(string Authority, long Size, DateTimeOffset? At, string? Trouble)
{
    /// <summary>What is kept does not verify, or is of a state that the log does not continue; null when it is right.</summary>
    public string? Wrong { get; init; }

    /// <summary>It is right, and signed by somebody whom the settings do not trust now; null when they do.</summary>
    public string? Distrusted { get; init; }

    /// <summary>How often a log that grows is to be stamped.</summary>
    public TimeSpan Every { get; init; }

    /// <summary>The settings name an authority.</summary>
    public bool IsWanted { get; init; }

    /// <summary>It says when the log was as it is up to there.</summary>
    public bool Holds => At is not null && Wrong is null && Distrusted is null;
}

/// <summary>Whether what is kept of an authority holds for the ledger as it is now.</summary>
public sealed class TimestampStanding(LedgerStore store, TimestampClient client, TimestampSettings settings)
{
    // Of each log the newest, which stays the same for a day: checking one takes a millisecond, and pages ask at each entry.
    private readonly ConcurrentDictionary<long, (KeptTimestamp Kept, TimestampVerdict Verdict)> _checked = new();

    /// <summary>Null when nothing was stamped and nothing is to be.</summary>
    public TimestampState? Of(Guid tenant)
    {
        if (store.Newest(tenant) is not { } name)
        {
            return null;
        }

        using var reader = store.Open(name);
        return Newest(reader) is { } kept ? Of(reader, kept)
            : client.IsWanted ? new TimestampState(settings.Name, 0, null, client.TroubleOf(name)) { IsWanted = true, Every = settings.Every }
            : null;
    }

    private TimestampState Of(LogReader reader, KeptTimestamp kept)
    {
        var verdict = Check(reader.Log, kept);
        return new TimestampState(kept.Authority, kept.Size, kept.At, client.TroubleOf(reader.Log))
        {
            Wrong = verdict.Wrong ?? (Continues(reader, kept) ? null : "It is of another history than this one."),
            Distrusted = verdict.Distrusted,
            IsWanted = client.IsWanted,
            Every = settings.Every,
        };
    }

    private TimestampVerdict Check(LogName name, KeptTimestamp kept)
    {
        if (_checked.TryGetValue(name.Id, out var before) && before.Kept.Token.AsSpan().SequenceEqual(kept.Token) && before.Kept.Note == kept.Note)
        {
            return before.Verdict;
        }

        var verdict = TimestampCheck.Check(kept.Token, Encoding.UTF8.GetBytes(kept.Note), settings.Roots);
        _checked[name.Id] = (kept, verdict);
        return verdict;
    }

    // A time that is none is found by checking the whole log, which says so.
    private static KeptTimestamp? Newest(LogReader reader)
    {
        try
        {
            return reader.NewestTimestamp();
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static bool Continues(LogReader reader, KeptTimestamp kept)
    {
        try
        {
            return SignedNote.TryParse(Encoding.UTF8.GetBytes(kept.Note), out var note) && Checkpoint.TryParse(note.Text, out var head) && head.Origin == reader.Origin && head.Size == kept.Size && reader.Continues(head);
        }
        catch (LedgerDamagedException)
        {
            return false;
        }
    }
}
