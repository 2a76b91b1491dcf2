using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OsModa.Core.Ledger.Storing;

/// <summary>As far as is known, nothing is wrong with what is stored: the disk is full, say, or does not answer. Nothing was written, and it may be tried again.</summary>
public sealed class LedgerUnavailableException : LedgerDamagedException
{
    private const int PrimaryCode = 0xff;

    private LedgerUnavailableException(string message, Exception? inner)
        : base(message, inner) => NeedsEpoch = false;

    /// <summary>Whether what was thrown while something was read says nothing of what is stored.</summary>
    internal static bool SaysNothing(Exception e) => e is LedgerUnavailableException or IOException or UnauthorizedAccessException || (e is SqliteException sqlite && MayPass(sqlite.SqliteErrorCode));

    /// <summary>What those are told who wanted to write.</summary>
    internal static LedgerDamagedException Writing(Exception e) => e switch
    {
        LedgerDamagedException known => known,
        IOException or UnauthorizedAccessException => Later(e),
        SqliteException sqlite when MayPass(sqlite.SqliteErrorCode) => Later(e),
        _ => new LedgerDamagedException($"The ledger could not be written: {e.Message}", e),
    };

    /// <summary>What those are told who wanted to read.</summary>
    /// <param name="code">Of SQLite.</param>
    internal static LedgerDamagedException Reading(int code)
    {
        var message = $"The ledger cannot be read: {raw.sqlite3_errstr(code).utf8_to_string()}.";
        return MayPass(code & PrimaryCode) ? new LedgerUnavailableException(message, null) : new LedgerDamagedException(message);
    }

    private static LedgerUnavailableException Later(Exception e) => new($"The ledger could not be written now, and may be tried again: {e.Message}", e);

    private static bool MayPass(int code) => code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_PERM or raw.SQLITE_READONLY or raw.SQLITE_INTERRUPT
        or raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL;
}
