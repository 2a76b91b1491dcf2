using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Reads one log, as it stood when this was opened: one transaction from first to last.</summary>
public sealed class LogReader : ILogSource, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _snapshot;
    private readonly BlobQuery _bundles;
    private readonly BlobQuery _tiles;
    private LaterRedactions? _later;

    /// <param name="connection">For reading; disposed with this.</param>
    /// <param name="log">Which log.</param>
    public LogReader(SqliteConnection connection, LogName log)
    {
        (_connection, Log) = (connection, log);
        _snapshot = connection.BeginTransaction(deferred: true);
        (Size, Frontier, First) = connection.List(static row => (row.GetInt64(0), row.Blob(1), row.GetInt64(2)), "SELECT size, frontier, first FROM log WHERE id = ?1", log.Id).Single();
        _bundles = new BlobQuery(connection, "SELECT data FROM bundle WHERE log = ?1 AND n = ?2");
        _tiles = new BlobQuery(connection, "SELECT data FROM tile WHERE log = ?1 AND level = ?2 AND n = ?3");
    }

    public LogName Log { get; }

    public long Size { get; }

    /// <summary>Entries before this one are not kept any more, only their hashes.</summary>
    public long First { get; }

    public bool IsPart => false;

    /// <summary>The right edge as the writer left it.</summary>
    public byte[] Frontier { get; }

    public string Origin => Log.Origin;

    /// <summary>The root that the writer worked out.</summary>
    /// <exception cref="LedgerDamagedException">The right edge is damaged.</exception>
    public TreeHash Root => CompactRange.TryParse(Size, Frontier, out var edge) ? edge.Root() : throw new LedgerDamagedException($"The ledger {Origin} is damaged: its right edge does not fit its {Size} entries.");

    internal SqliteConnection Connection => _connection;

    /// <summary>Perfect subtrees of the tree of this size.</summary>
    public TiledSubtrees Subtrees(long size) => new(id => Tile(id) is var tile && tile.Length >= id.Width * TreeHash.Bytes
        ? tile.ToArray()
        : throw new LedgerDamagedException($"The ledger {Log.Origin} is damaged: {id.Path} is missing or too short."), size);

    /// <summary>Whether a head of this log is a part of it: the log has as many entries at least, and is the same history up to there.</summary>
    /// <exception cref="LedgerDamagedException">Hashes that this needs are damaged.</exception>
    public bool Continues(Checkpoint head) => head.Size <= Size && Ranges.Root(Subtrees(head.Size), head.Size) == head.Root;

    /// <summary>A bundle of entries; empty when there is none. Valid until the next is read.</summary>
    public ReadOnlySpan<byte> Bundle(long n) => _bundles.Read(Log.Id, n);

    /// <summary>A tile of hashes, perhaps wider than asked for; empty when there is none. Valid until the next is read.</summary>
    public ReadOnlySpan<byte> Tile(TileId id) => _tiles.Read(Log.Id, id.Level, id.Index);

    /// <summary>The record of one entry, or null.</summary>
    public byte[]? Entry(long seq) => seq >= 0 && seq < Size && EntryBundle.TryFind(Bundle(seq / TileId.FullWidth), (int)(seq % TileId.FullWidth), out var entry)
        ? entry.ToArray()
        : null;

    /// <summary>What is kept beside the log under this hash, or null.</summary>
    public byte[]? Beside(ReadOnlySpan<byte> sha256) => _connection.Ask<byte[]>("SELECT data FROM side WHERE log = ?1 AND sha256 = ?2", Log.Id, sha256.ToArray());

    /// <summary>Where a later epoch says that the text of an entry was taken out after this log had ended; null when none does.</summary>
    public RedactedLater? ToldLater(long seq, byte[] left) => (_later ??= new LaterRedactions(this)).Of(seq, left);

    /// <summary>Signed heads, smallest first, with the lines of their witnesses.</summary>
    public IEnumerable<SignedHead> Checkpoints()
    {
        using var command = Sql.Command(_connection, "SELECT size, body, signed_at FROM checkpoint WHERE log = ?1 ORDER BY size", [Log.Id]);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return Head(rows);
        }
    }

    /// <summary>Entries whose text was taken out, and the entries of this log that say so.</summary>
    public IReadOnlyList<(long Seq, long At)> Redactions() => _connection.List(static row => (row.GetInt64(0), row.GetInt64(1)), "SELECT seq, at FROM redacted WHERE log = ?1 AND by_log IS NULL ORDER BY seq", Log.Id);

    /// <summary>Entries whose text was taken out after this log had ended, and the entries of which later log say so.</summary>
    public IReadOnlyList<(long Seq, LogName Log, long At)> RedactionsElsewhere() => _connection.List(
        row => (row.GetInt64(0), new LogName(row.GetInt64(1), row.GetString(2), Log.Tenant, (uint)row.GetInt64(3)), row.GetInt64(4)),
        "SELECT r.seq, l.id, l.origin, l.epoch, r.at FROM redacted r JOIN log l ON l.id = r.by_log WHERE r.log = ?1 ORDER BY r.seq", Log.Id);

    /// <summary>Changes of the key, oldest first.</summary>
    public IReadOnlyList<KeyChange> KeyChanges() =>
        [.. _connection.List(static row => KeyChange.TryParse(row.GetString(0), out var change) ? change : null, "SELECT note FROM key_change WHERE log = ?1 ORDER BY at", Log.Id).OfType<KeyChange>()];

    /// <summary>The newest change of the key, or null.</summary>
    public KeyChange? LastKeyChange() => KeyChanges() is [.., var last] ? last : null;

    /// <summary>Heads that a time-stamping authority has signed over, smallest first.</summary>
    public IReadOnlyList<KeptTimestamp> Timestamps() => KeptTimestamp.All(_connection, Log.Id);

    /// <summary>The newest of them, or null.</summary>
    public KeptTimestamp? NewestTimestamp() => KeptTimestamp.Newest(_connection, Log.Id);

    /// <summary>The newest signed head, or null.</summary>
    public SignedHead? NewestCheckpoint() => NewestCheckpoints(1) is [var newest] ? newest : null;

    /// <summary>The first signed head that has at least so many entries, or null.</summary>
    public SignedHead? FirstCheckpointOf(long size) =>
        _connection.List(Head, "SELECT size, body, signed_at FROM checkpoint WHERE log = ?1 AND size >= ?2 ORDER BY size LIMIT 1", Log.Id, size).FirstOrDefault();

    /// <summary>The last signed head that has no more entries than this, or null.</summary>
    public SignedHead? LastCheckpointWithin(long size) =>
        _connection.List(Head, "SELECT size, body, signed_at FROM checkpoint WHERE log = ?1 AND size <= ?2 ORDER BY size DESC LIMIT 1", Log.Id, size).FirstOrDefault();

    /// <summary>The newest signed heads, newest first.</summary>
    public IReadOnlyList<SignedHead> NewestCheckpoints(int count) =>
        _connection.List(Head, "SELECT size, body, signed_at FROM checkpoint WHERE log = ?1 ORDER BY size DESC LIMIT ?2", Log.Id, count);

    public void Dispose()
    {
        _bundles.Dispose();
        _tiles.Dispose();
        _snapshot.Dispose();
        _connection.Dispose();
    }

    private SignedHead Head(SqliteDataReader row)
    {
        var size = row.GetInt64(0);
        var lines = _connection.List(static line => line.GetString(0) + "\n", "SELECT line FROM cosig WHERE log = ?1 AND size = ?2 ORDER BY witness", Log.Id, size);
        return new SignedHead(size, row.GetString(1) + string.Concat(lines), Time(size, row.GetInt64(2)));
    }

    private DateTimeOffset Time(long size, long ms) => ms >= 0 && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
        : throw new LedgerDamagedException($"The ledger {Origin} is damaged: the time at which it was signed at {size} entries is none.");
}

/// <summary>A checkpoint as it was signed.</summary>
/// <param name="Size">Entries, by the row; the text has to say the same.</param>
/// <param name="Text">The whole note.</param>
/// <param name="SignedAt">By our clock.</param>
public sealed record SignedHead(long Size, string Text, DateTimeOffset SignedAt)
{
    /// <summary>Null when the text is no note.</summary>
    public SignedNote? Note => SignedNote.TryParse(System.Text.Encoding.UTF8.GetBytes(Text), out var note) ? note : null;

    /// <summary>Names of the witnesses that signed it too, each once; empty for none.</summary>
    public IReadOnlyList<string> Cosigners => Note is { Signatures: [_, .. var others] } ? [.. others.Select(static line => line.Name).Distinct()] : [];

    /// <summary>When which witness signed it, by its own clock; empty for none. Each was checked when it came.</summary>
    public IReadOnlyList<(string Witness, DateTimeOffset At)> Cosignatures => Note is { Signatures: [_, .. var others] }
        ? [.. others.Select(static line => (line.Name, At: Cosignature.TimeOf(line))).Where(static one => one.At is not null).Select(static one => (one.Name, one.At!.Value))]
        : [];
}
