using System.Globalization;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>That a log has ended, as the first entry of the next epoch says it.</summary>
/// <param name="Next">The log that it goes on in.</param>
/// <param name="At">When that began.</param>
/// <param name="Who">Who wanted it.</param>
/// <param name="Why">In their words.</param>
/// <param name="Size">Entries that it ended with; null when the entry that says so is not kept any more.</param>
/// <param name="Root">Over them; null when it could not be read then.</param>
/// <param name="Signed">The newest head that was ever signed of it, by the guard; null when it knew none.</param>
public sealed record EpochEnd(LogName Next, DateTimeOffset? At, string Who, string Why, long? Size, TreeHash? Root, Checkpoint? Signed)
{
    /// <summary>Is told instead of what could not be read.</summary>
    internal const string Damaged = "damaged";

    /// <summary>Entries that were signed and are not there any more.</summary>
    public long Missing => Math.Max(0, (Signed?.Size ?? 0) - (Size ?? long.MaxValue));

    /// <summary>The file of the guard was damaged when the log ended, which is told there: what had been signed of it is not known.</summary>
    public bool WasGuardDamaged { get; init; }

    private string Sentence => Size is null ? $"It has ended and goes on as {Next.Origin}."
        : $"It ended there and goes on as {Next.Origin}{(Missing > 0 ? $"; {Missing} more entries were signed and are gone, which is told there" : "")}.{(WasGuardDamaged ? " The file that says up to where it was signed was damaged then, which is told there." : "")}";

    /// <summary>Null: the log has not ended.</summary>
    /// <param name="log">Which log.</param>
    /// <param name="all">Of the database.</param>
    /// <param name="open">Opens one of them.</param>
    public static EpochEnd? Of(LogName log, IEnumerable<LogName> all, Func<LogName, LogReader> open)
    {
        if (all.Where(other => other.Tenant == log.Tenant && other.Epoch > log.Epoch).MinBy(static other => other.Epoch) is not { } next)
        {
            return null;
        }

        using var reader = open(next);
        if (reader.Entry(0) is not { } bytes || !LedgerRecord.TryParse(bytes, out var record) || record.Kind != RecordKind.EpochStart || ActionBody.Parse(record.Body.ToArray()) is not { Details: var details } body)
        {
            return new EpochEnd(next, null, "", "", null, null, null);
        }

        if (!reader.Tile(new TileId(0, 0, 1)).StartsWith(LedgerRecord.Leaf(bytes).AsSpan()))
        {
            throw new LedgerDamagedException($"The first entry of {next.Origin}, which says how {log.Origin} ended, is not what was written.");
        }

        var signed = Number(details.GetValueOrDefault("signedSize")) is { } size && TreeHash.TryParseBase64(details.GetValueOrDefault("signedRoot", ""), out var head) ? new Checkpoint(log.Origin, size, head) : null;
        return new EpochEnd(
            next, record.ReceivedAt, body.Who, body.Why, details.GetValueOrDefault("endedOrigin") == log.Origin ? Number(details.GetValueOrDefault("endedSize")) : null,
            TreeHash.TryParseBase64(details.GetValueOrDefault("endedRoot", ""), out var root) ? root : null, signed)
        {
            WasGuardDamaged = details.GetValueOrDefault("signedSize") == Damaged,
        };
    }

    /// <summary>What the guard has of a log; null also when its file is as damaged as it was when the log ended.</summary>
    /// <param name="end">Of the log; null: it has not ended.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="LedgerDamagedException">The file is damaged, and nobody has told that.</exception>
    internal static Checkpoint? Guarded(EpochEnd? end, Func<Checkpoint?> read)
    {
        try
        {
            return read();
        }
        catch (LedgerDamagedException) when (end is { WasGuardDamaged: true })
        {
            return null;
        }
    }

    /// <summary>Holds the log, and what the guard has of it, against what was told when it ended.</summary>
    /// <returns>What is to be said: of a log that is as it ended, in <see cref="Told.Adds"/>.</returns>
    internal Told Check(LogReader ended, Checkpoint? guard) =>
        Size is { } size && (ended.Size != size || (Root is { } root && ended.Root != root))
            ? new Told($"The ledger {ended.Origin} had ended with {size} entries, as {Next.Origin} says, and is not what it was then: somebody wrote to it since.", "")
        : guard is not null && Size is not null && (Signed is null ? guard.Size > ended.Size : guard != Signed)
            ? new Told($"Of {ended.Origin} {guard.Size} entries were signed, which is not what {Next.Origin} says of its end.", "")
        : new Told(null, Sentence);

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <param name="Wrong">What is not as it was told; null when all is.</param>
/// <param name="Adds">To what is said of it otherwise.</param>
internal sealed record Told(string? Wrong, string Adds);
