using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>How the chain of a server stands, as it is shown wherever the server is.</summary>
/// <param name="Status">A warning or alarm stays until a person has seen to it.</param>
/// <param name="AtId">The first event concerned; null when none is.</param>
/// <param name="Sentence">For people.</param>
/// <param name="Since">When it became so, by our clock.</param>
public sealed record ChainStanding(ChainStatus Status, long? AtId, string Sentence, DateTimeOffset Since)
{
    /// <summary>The chain was copied anew so often, because it was not what it had been.</summary>
    public uint Epoch { get; init; } = 1;

    /// <summary>Number of the ledger's entry that says so, with the fields that differ; null before the first.</summary>
    public long? Entry { get; init; }

    /// <summary>Up to this event, what is wrong was seen by a person and accepted.</summary>
    public long AcceptedTo { get; init; }

    /// <summary>Until then its chain may begin anew, because somebody announced that the server will be installed anew; null: nobody did.</summary>
    public DateTimeOffset? AnnouncedUntil { get; init; }

    /// <summary>Who announced it; null: nobody did.</summary>
    public string? AnnouncedBy { get; init; }

    /// <summary>Events that are copied.</summary>
    public long Copied { get; init; }

    /// <summary>The newest event of the server.</summary>
    public long Head { get; init; }

    /// <summary>When it was last read; null: not since the dashboard started.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Since when each look has come to nothing; null while the last one did not.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the last look came to nothing.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>That it could not be read for a while; null when it could.</summary>
    public ChainVerdict? Stale(DateTimeOffset now) => FailingSince is { } since ? ChainJudge.Stale(since, now) : null;

    /// <summary>Whether a chain that begins anew is what somebody announced.</summary>
    public bool IsAnnounced(DateTimeOffset now) => now < AnnouncedUntil;

    internal static ChainStanding? Load(LedgerStore store, Guid server)
    {
        using var connection = store.OpenForReading();
        return connection.List(
            static row => new ChainStanding(
                Enum.TryParse<ChainStatus>(row.GetString(0), out var status) ? status : ChainStatus.Unknown, row.IsDBNull(1) ? null : row.GetInt64(1), row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)))
            {
                Epoch = (uint)row.GetInt64(4),
                Entry = row.IsDBNull(5) ? null : row.GetInt64(5),
                AcceptedTo = row.GetInt64(6),
                Copied = row.IsDBNull(7) ? 0 : row.GetInt64(7),
                Head = row.IsDBNull(8) ? 0 : row.GetInt64(8),
                AnnouncedUntil = row.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
                AnnouncedBy = row.IsDBNull(10) ? null : row.GetString(10),
            },
            "SELECT s.status, s.at_id, s.sentence, s.since, s.epoch, s.entry, s.accepted_to, c.count, c.last_id, s.announced_until, s.announced_by FROM standing s LEFT JOIN chain c ON c.source = s.source AND c.epoch = s.epoch WHERE s.source = ?1",
            server.Bytes()).FirstOrDefault();
    }

    internal void Save(LedgerGroup group, Guid server) => group.Connection.Run(
        """
        INSERT INTO standing(source, epoch, status, at_id, sentence, since, entry, accepted_to, announced_until, announced_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT DO UPDATE SET epoch = excluded.epoch, status = excluded.status, at_id = excluded.at_id, sentence = excluded.sentence, since = excluded.since, entry = excluded.entry, accepted_to = excluded.accepted_to,
          announced_until = excluded.announced_until, announced_by = excluded.announced_by
        """,
        server.Bytes(), (long)Epoch, Status.ToString(), AtId, Sentence, Since.ToUnixTimeMilliseconds(), Entry, AcceptedTo, AnnouncedUntil?.ToUnixTimeMilliseconds(), AnnouncedBy);
}
