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
