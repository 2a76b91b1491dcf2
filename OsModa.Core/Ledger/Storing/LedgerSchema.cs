namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// The tables of ledger.db. <c>bundle</c>, <c>tile</c>, <c>checkpoint</c>, <c>cosig</c> and <c>anchor</c> are evidence; <c>entry</c> is an index for searching, which is held against
/// them. Bundles and tiles have a rowid: without one, rows of their length would stand in the inner pages too, and the way to a row would lead over a dozen of them. The triggers keep programs from accidents; whoever owns the file can drop them, so they prove nothing.
/// </summary>
internal static class LedgerSchema
{
    /// <summary>What each version adds to the one before.</summary>
    public static readonly string[] Steps = [Beginning, Removal, Announcement, LaterRedaction, Timestamp];

    public static int Version => Steps.Length;

    private const string Beginning =
        """
        CREATE TABLE log(id INTEGER PRIMARY KEY, origin TEXT UNIQUE NOT NULL, tenant TEXT NOT NULL, epoch INTEGER NOT NULL, size INTEGER NOT NULL,
          frontier BLOB NOT NULL, UNIQUE(tenant, epoch)) STRICT;
        CREATE TABLE bundle(log INTEGER, n INTEGER, width INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(log, n)) STRICT;
        CREATE TABLE tile(log INTEGER, level INTEGER, n INTEGER, width INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(log, level, n)) STRICT;
        CREATE TABLE entry(log INTEGER, seq INTEGER, kind INTEGER NOT NULL, source BLOB NOT NULL, epoch INTEGER NOT NULL, src_id INTEGER, received INTEGER NOT NULL,
          type TEXT NOT NULL, actor TEXT NOT NULL, flags INTEGER NOT NULL, PRIMARY KEY(log, seq)) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX entry_of_source ON entry(log, source, epoch, src_id) WHERE src_id IS NOT NULL;
        CREATE TABLE chain(source BLOB, epoch INTEGER, last_id INTEGER NOT NULL, last_hash BLOB NOT NULL, count INTEGER NOT NULL, status TEXT NOT NULL, PRIMARY KEY(source, epoch)) STRICT;
        CREATE TABLE host(source BLOB PRIMARY KEY, cursor TEXT NOT NULL, boot BLOB NOT NULL, system TEXT NOT NULL) STRICT;
        CREATE TABLE standing(source BLOB PRIMARY KEY, epoch INTEGER NOT NULL, status TEXT NOT NULL, at_id INTEGER, sentence TEXT NOT NULL, since INTEGER NOT NULL, entry INTEGER,
          accepted_to INTEGER NOT NULL) STRICT;
        CREATE TABLE checkpoint(log INTEGER, size INTEGER, body TEXT NOT NULL, signed_at INTEGER NOT NULL, PRIMARY KEY(log, size)) STRICT;
        CREATE TABLE cosig(log INTEGER, size INTEGER, witness TEXT, line TEXT NOT NULL, t INTEGER NOT NULL, PRIMARY KEY(log, size, witness)) STRICT;
        CREATE TABLE witnessed(origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, t INTEGER NOT NULL) STRICT;
        CREATE TABLE side(log INTEGER, sha256 BLOB, data BLOB NOT NULL, PRIMARY KEY(log, sha256)) STRICT, WITHOUT ROWID;

        CREATE TRIGGER bundle_stays BEFORE UPDATE ON bundle WHEN OLD.width = 256 BEGIN SELECT RAISE(ABORT, 'a full bundle never changes'); END;
        CREATE TRIGGER bundle_remains BEFORE DELETE ON bundle BEGIN SELECT RAISE(ABORT, 'bundles are never deleted'); END;
        CREATE TRIGGER tile_stays BEFORE UPDATE ON tile WHEN OLD.width = 256 BEGIN SELECT RAISE(ABORT, 'a full tile never changes'); END;
        CREATE TRIGGER tile_remains BEFORE DELETE ON tile BEGIN SELECT RAISE(ABORT, 'tiles are never deleted'); END;
        CREATE TRIGGER checkpoint_stays BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'a checkpoint never changes'); END;
        CREATE TRIGGER checkpoint_remains BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are never deleted'); END;
        """;

    // What a redaction takes out of a bundle, what is kept no longer, and keys that were replaced.
    private const string Removal =
        """
        ALTER TABLE log ADD COLUMN first INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE redacted(log INTEGER, seq INTEGER, at INTEGER NOT NULL, PRIMARY KEY(log, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE key_change(log INTEGER, at INTEGER, note TEXT NOT NULL, PRIMARY KEY(log, at)) STRICT;

        DROP TRIGGER bundle_stays;
        DROP TRIGGER bundle_remains;
        CREATE TRIGGER bundle_stays BEFORE UPDATE ON bundle
          WHEN OLD.width = 256 AND NOT EXISTS(SELECT 1 FROM redacted WHERE log = OLD.log AND seq BETWEEN 256 * OLD.n AND 256 * OLD.n + 255)
          BEGIN SELECT RAISE(ABORT, 'a full bundle never changes'); END;
        CREATE TRIGGER bundle_remains BEFORE DELETE ON bundle WHEN 256 * OLD.n >= (SELECT first FROM log WHERE id = OLD.log)
          BEGIN SELECT RAISE(ABORT, 'bundles are never deleted'); END;
        CREATE TRIGGER key_change_stays BEFORE UPDATE ON key_change BEGIN SELECT RAISE(ABORT, 'a change of key never changes'); END;
        CREATE TRIGGER key_change_remains BEFORE DELETE ON key_change BEGIN SELECT RAISE(ABORT, 'changes of key are never deleted'); END;
        """;

    // That a server will be installed anew: until when its chain may begin anew, and who said so.
    private const string Announcement =
        """
        ALTER TABLE standing ADD COLUMN announced_until INTEGER;
        ALTER TABLE standing ADD COLUMN announced_by TEXT;
        """;

    // The log whose entry says that a text is gone, where that is a later epoch than the text was in.
    private const string LaterRedaction = "ALTER TABLE redacted ADD COLUMN by_log INTEGER;";

    // Heads that a time-stamping authority has signed over. The text is kept as it was stamped: witnesses add lines to a head later.
    private const string Timestamp =
        """
        CREATE TABLE anchor(log INTEGER, size INTEGER, authority TEXT NOT NULL, note TEXT NOT NULL, token BLOB NOT NULL, at INTEGER NOT NULL, entry INTEGER NOT NULL,
          PRIMARY KEY(log, size)) STRICT;
        CREATE TRIGGER anchor_stays BEFORE UPDATE ON anchor BEGIN SELECT RAISE(ABORT, 'a time stamp never changes'); END;
        CREATE TRIGGER anchor_remains BEFORE DELETE ON anchor BEGIN SELECT RAISE(ABORT, 'time stamps are never deleted'); END;
        """;
}
