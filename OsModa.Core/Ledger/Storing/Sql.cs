using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Statements with their values, in the order of the question marks' numbers: <c>?1</c>, <c>?2</c>…</summary>
internal static class Sql
{
    private const int PrimaryCode = 0xff;

    public static int Run(this SqliteConnection connection, string text, params ReadOnlySpan<object?> values)
    {
        using var command = Command(connection, text, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The one value that is asked for; default when there is no row.</summary>
    public static T? Ask<T>(this SqliteConnection connection, string text, params ReadOnlySpan<object?> values)
    {
        using var command = Command(connection, text, values);
        return command.ExecuteScalar() is T value ? value : default;
    }

    public static List<T> List<T>(this SqliteConnection connection, Func<SqliteDataReader, T> read, string text, params ReadOnlySpan<object?> values)
    {
        using var command = Command(connection, text, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Runs a prepared statement that answers nothing, and makes it ready for the next time.</summary>
    /// <returns>False when a rule of the tables refused it.</returns>
    public static bool TryRun(this sqlite3 database, sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);    // what it answers was answered by the step
        if ((result & PrimaryCode) == raw.SQLITE_CONSTRAINT)
        {
            return false;
        }

        SqliteException.ThrowExceptionForRC(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result, database);
        return true;
    }

    public static SqliteCommand Command(SqliteConnection connection, string text, ReadOnlySpan<object?> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("?" + (i + 1).ToString(CultureInfo.InvariantCulture), values[i] ?? DBNull.Value);
        }

        return command;
    }

    public static byte[] Blob(this SqliteDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    /// <summary>The way ids of sources are kept: 16 bytes, big endian.</summary>
    public static byte[] Bytes(this Guid id) => id.ToByteArray(bigEndian: true);
}
