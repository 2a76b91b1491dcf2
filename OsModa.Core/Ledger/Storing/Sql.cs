using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Statements with their values, in the order of the question marks' numbers: <c>?1</c>, <c>?2</c>…</summary>
internal static class Sql
{
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
