using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace OsModa.Core.Storage;

public static class DatabaseErrors
{
    private const int SqliteBusy = 5;
    private const int SqliteConstraintUnique = 2067;
    private const int SqliteConstraintPrimaryKey = 1555;

    /// <summary>A unique index or key refused a row: somebody else was first.</summary>
    public static bool IsDuplicate(this DbUpdateException exception) => exception.InnerException switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqliteConstraintUnique or SqliteConstraintPrimaryKey,
        Npgsql.PostgresException postgres => postgres.SqlState == Npgsql.PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    /// <summary>The database was not reached, was full or refused: what was asked for may be tried again. Whoever waits for a better time filters by it.</summary>
    public static bool IsDatabaseTrouble(this Exception exception) => exception switch
    {
        DbUpdateException or DbException => true,
        // Npgsql's execution strategy wraps what may pass by itself, such as a server that restarts.
        InvalidOperationException { InnerException: { } inner } => inner.IsDatabaseTrouble(),
        _ => false,
    };

    /// <summary>The transaction met another one; nothing of it was kept, and it may be tried again.</summary>
    public static bool IsConflict(this Exception exception) => exception switch
    {
        Npgsql.PostgresException postgres => postgres.SqlState is Npgsql.PostgresErrorCodes.SerializationFailure or Npgsql.PostgresErrorCodes.DeadlockDetected,
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteBusy,
        // Npgsql wraps it once more, to say that it may pass.
        { InnerException: { } inner } => inner.IsConflict(),
        _ => false,
    };
}
