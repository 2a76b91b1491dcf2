using System.Collections.Immutable;
using System.Globalization;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Chains;

/// <summary>What a reading of a server's chain means, given what we remember of it. A function of both and of nothing else; the worst that is found is said.</summary>
public static class ChainJudge
{
    public static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(5);

    public static ChainVerdict Judge(ChainMemory memory, ChainReading reading) =>
        ChainComparison.Judge(memory, reading)
        ?? Cut(memory, reading)
        ?? Broken(memory, reading)
        ?? TooLong(memory, reading)
        ?? CatchingUp(reading)
        ?? Gap(memory, reading)
        ?? Clock(memory, reading)
        ?? Verdict(ChainStatus.Verified, null, $"{reading.Count} events, all as they were written.");

    /// <summary>How a chain stands of which each look since then came to nothing; null while that is not long ago.</summary>
    public static ChainVerdict? Stale(DateTimeOffset failingSince, DateTimeOffset now) => now - failingSince < StaleAfter
        ? null
        : Verdict(ChainStatus.Unreachable, null, $"It could not be read since {failingSince:u}; what is shown was read before.");

    /// <summary>All that new rows warn of, one of each kind, whatever else is wrong with the chain and however much of it is still to be read.</summary>
    internal static IEnumerable<ChainVerdict> Warnings(ChainMemory memory, ChainReading reading) =>
        new[] { TooLong(memory, reading), Gap(memory, reading), Clock(memory, reading) }.OfType<ChainVerdict>();

    internal static ChainVerdict Verdict(ChainStatus status, long? at, string sentence, ImmutableArray<FieldDifference>? differences = null, bool startsEpoch = false) =>
        new(status, at, sentence, differences ?? [], startsEpoch);

    /// <summary>It begins anew with that event, as somebody announced.</summary>
    internal static ChainVerdict Announced(long? at) => Verdict(ChainStatus.Verified, at, "The server was installed anew, as announced.", startsEpoch: true);

    private static ChainVerdict? Cut(ChainMemory memory, ChainReading reading)
    {
        if (memory.Head is not null && reading is { ReinstallAnnounced: true, HeadId: 0, HighestEverId: null or 0 })
        {
            return Announced(null);     // a new database, and nothing has happened yet
        }

        if (memory.Head is { } head && reading.HeadId < head.Event.Id)
        {
            return Verdict(ChainStatus.Cut, reading.HeadId, $"Event {head.Event.Id} was there and is gone: the newest is now {reading.HeadId}.");
        }

        if (reading.Count < memory.Count)
        {
            return Verdict(ChainStatus.Cut, null, $"{memory.Count} events were there, now {reading.Count} are.");
        }

        return reading.HighestEverId is { } ever && ever > reading.HeadId
            ? Verdict(ChainStatus.Cut, reading.HeadId, $"The database gave out event {ever} once, but its newest is {reading.HeadId}.")
            : null;
    }

    private static ChainVerdict? Broken(ChainMemory memory, ChainReading reading)
    {
        for (var i = 0; i < reading.Rows.Length; i++)
        {
            var row = reading.Rows[i];
            if (row.LeftOut is not null)
            {
                continue;
            }

            var follows = i == 0 ? Before(memory, row) : HashOf(reading.Rows[i - 1]);
            if (row.Event.Hash(reading.Format) != row.Hash || (follows is { } expected && row.Event.PreviousHash != expected))
            {
                var unsettled = i == reading.Rows.Length - 1 && row.Event.Id == reading.HeadId && reading.ReadAt - reading.FirstReadOfHeadAt < SettlingTime;
                return unsettled
                    ? Verdict(ChainStatus.LastRowUnsettled, row.Event.Id, $"Event {row.Event.Id} is being written; it is read again in a moment.")
                    : Verdict(ChainStatus.Broken, row.Event.Id, $"Does not verify at event {row.Event.Id}.");
            }
        }

        return null;
    }

    // What comes behind an event that is too long to be read can follow anything.
    private static TreeHash? HashOf(ChainRow row) => row.LeftOut is null ? row.Hash : null;

    private static ChainVerdict? TooLong(ChainMemory memory, ChainReading reading) =>
        reading.Rows.FirstOrDefault(row => row.LeftOut is not null && row.Event.Id > reading.AcceptedTo && (memory.Head is null || row.Event.Id > memory.Head.Event.Id)) is { LeftOut: { } leftOut }
            ? Verdict(ChainStatus.TooLong, leftOut.Id, $"{leftOut.Sentence} That it was there is in the ledger; the events around it are copied.")
            : null;

    // What a row has to follow when the one before it was not read with it: the newest that we remember below it, or nothing for the very first.
    private static TreeHash? Before(ChainMemory memory, ChainRow row) =>
        memory.Head is null
            ? row.Event.Id == 1 ? TreeHash.Zero : null
            : memory.Rows.LastOrDefault(known => known.Key < row.Event.Id) is { Value: { } known } ? HashOf(known)
            : memory.Head.Event.Id < row.Event.Id ? HashOf(memory.Head) : null;

    private static ChainVerdict? CatchingUp(ChainReading reading) =>
        reading.HeadId > 0 && (reading.Rows.IsEmpty || reading.Rows[^1].Event.Id < reading.HeadId)
            ? Verdict(ChainStatus.CatchingUp, null, $"Copied up to event {(reading.Rows.IsEmpty ? 0 : reading.Rows[^1].Event.Id)} of {reading.HeadId}.")
            : null;

    private static ChainVerdict? Gap(ChainMemory memory, ChainReading reading)
    {
        var last = memory.Head?.Event.Id;
        foreach (var id in reading.Rows.Select(static row => row.Event.Id).Where(id => memory.Head is null || id > memory.Head.Event.Id))
        {
            if (last is { } before && id != before + 1)
            {
                return Verdict(ChainStatus.Gap, before + 1, $"Events {before + 1} to {id - 1} do not exist; the links around them are right.");
            }

            last = id;
        }

        return null;
    }

    private static ChainVerdict? Clock(ChainMemory memory, ChainReading reading)
    {
        var (last, earliest) = (Time(memory.Head), reading.ReadWholeAt - ClockTolerance);
        foreach (var row in reading.Rows.Where(row => memory.Head is null || row.Event.Id > memory.Head.Event.Id))
        {
            var time = Time(row);
            if (time < last)
            {
                return Verdict(ChainStatus.Clock, row.Event.Id, $"Event {row.Event.Id} says {row.Event.Ts}, which is before the event in front of it.");
            }

            // What was not there at the last look is not older than that.
            if (time < earliest)
            {
                return Verdict(ChainStatus.Clock, row.Event.Id, $"Event {row.Event.Id} says {row.Event.Ts}, but was not there yet at {reading.ReadWholeAt:u}.");
            }

            if (time - reading.ReadAt > ClockTolerance)
            {
                return Verdict(ChainStatus.Clock, row.Event.Id, $"Event {row.Event.Id} says {row.Event.Ts}, but came at {reading.ReadAt:u}.");
            }

            last = time ?? last;
        }

        return null;
    }

    internal static DateTimeOffset? Time(ChainRow? row) => Time(row?.Event.Ts);

    /// <summary>A time as agentd writes it; null when it is none.</summary>
    internal static DateTimeOffset? Time(string? ts) =>
        DateTimeOffset.TryParseExact(ts, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
