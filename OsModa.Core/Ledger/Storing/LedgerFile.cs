using Microsoft.Data.Sqlite;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Storing;

/// <summary>ledger.db, held for writing by one process. Readers come and go.</summary>
public sealed class LedgerFile : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _path;

    private LedgerFile(string path, FileStream held) => (_path, _lock) = (path, held);

    /// <exception cref="StartRefusedException">Another process writes it, it is damaged, or of a newer version.</exception>
    public static LedgerFile Hold(LedgerSettings settings)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(settings.File)!);
        FileStream held;
        try
        {
            // Exclusive sharing is flock(2) here: the kernel lets go of it however the process ends.
            held = new FileStream(settings.File + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The ledger {settings.File} cannot be written: another process has it, or it is not ours ({e.Message}). Stop the other process, or name another folder with Storage__Folder.", e);
        }

        var file = new LedgerFile(settings.File, held);
        try
        {
            using var connection = file.OpenForWriting();
            file.Prepare(connection);
            DurableFolder.Sync(Path.GetDirectoryName(settings.File)!);
            return file;
        }
        catch (Exception e)
        {
            file.Dispose();
            throw e is SqliteException ? new StartRefusedException($"The ledger {settings.File} cannot be used ({e.Message}). Keep it as it is, and restore it from a backup.", e) : e;
        }
    }

    /// <summary>Who may be handed this file for reading without holding it, such as a verifier.</summary>
    public static SqliteConnection OpenForReading(string path)
    {
        var connection = Reading(path);
        connection.Open();
        return connection;
    }

    /// <summary>Closes what is still open to a file that nobody reads any more.</summary>
    internal static void Forget(string path)
    {
        using var connection = Reading(path);
        SqliteConnection.ClearPool(connection);
    }

    public SqliteConnection OpenForReading() => OpenForReading(_path);

    internal SqliteConnection OpenForWriting()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = 5 }.ToString());
        connection.Open();
        // Bundles of some 80 kB are most of what is kept: larger pages are fewer reads. It counts for a new file only. Checkpoints: see WalCheckpoints.
        connection.Run("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;");
        return connection;
    }

    public void Dispose() => _lock.Dispose();

    private static SqliteConnection Reading(string path) => new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 5 }.ToString());

    private void Prepare(SqliteConnection connection)
    {
        var version = connection.Ask<long>("PRAGMA user_version");
        if (version > LedgerSchema.Version)
        {
            throw new StartRefusedException($"The ledger {_path} was made by a newer version of osModa Dashboard. Start that version; nothing was changed.");
        }

        for (; version < LedgerSchema.Version; version++)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            connection.Run(LedgerSchema.Steps[version]);
            connection.Run($"PRAGMA user_version = {version + 1}");
            transaction.Commit();
        }

        // Earlier versions left the type of a server's event in the index when its text was taken out.
        connection.Run("PRAGMA secure_delete = ON");
        connection.Run($"UPDATE entry SET type = '' WHERE (log, seq) IN (SELECT log, seq FROM redacted) AND type <> {Redaction.KeptType}");
    }
}
