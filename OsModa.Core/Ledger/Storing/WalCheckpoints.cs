using Microsoft.Data.Sqlite;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// Moves what was committed from the write-ahead log into the database beside the writer, which then never waits for it (sqlite.org/wal.html, "Performance considerations"). SQLite begins the log anew when all of it
/// was moved and nobody reads it; while the writer never rests, that happens only if it moves the last of it itself, now and then.
/// </summary>
internal sealed class WalCheckpoints(LedgerFile file) : IAsyncDisposable
{
    // A commit of 512 events adds some 20 pages of 16 KiB. Little at a time: what is moved beside the writer takes the disk from it, and what it moves itself it waits for.
    private const int CommitsBeside = 16;
    private const int CommitsByWriter = 256;

    private readonly SqliteConnection _own = file.OpenForWriting();
    private Task _moving = Task.CompletedTask;
    private int _commits;

    /// <summary>Called by the writer after each commit.</summary>
    /// <param name="writer">Its connection.</param>
    public void AfterCommit(SqliteConnection writer)
    {
        _commits++;
        if (_commits % CommitsByWriter == 0 && _moving.IsCompleted)
        {
            Move(writer);
        }
        else if (_commits % CommitsBeside == 0 && _moving.IsCompleted)
        {
            _moving = Task.Run(() => Move(_own));
        }
    }

    /// <summary>Completes when nothing is moved beside the writer: two at a time get in each other's way.</summary>
    public Task RestAsync() => _moving;

    public async ValueTask DisposeAsync()
    {
        await _moving;
        await _own.DisposeAsync();
    }

    // What fails here fails again at the next commit, where somebody hears of it; until then everything is in the log.
    private static void Move(SqliteConnection connection)
    {
        try
        {
            connection.Run("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException)
        {
        }
    }
}
