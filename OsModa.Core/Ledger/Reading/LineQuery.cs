using System.Text;
using Microsoft.Data.Sqlite;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Reading;

/// <summary>The question to the search index that a filter makes. Values are parameters, always.</summary>
internal static class LineQuery
{
    private const string Columns = "SELECT seq, kind, source, src_id, received, type, actor, flags FROM entry WHERE log = ?1";

    public static SqliteCommand Command(LogReader reader, LedgerFilter filter, long from, long before)
    {
        var text = new StringBuilder(Columns).Append(" AND seq < ?2 AND seq >= ?3");
        var values = new List<object?> { reader.Log.Id, before, Math.Max(from, reader.First) };
        Add("kind = ?", filter.Kind is { } kind ? (long)kind : null);
        Add("actor = ?", filter.Actor.Length > 0 ? filter.Actor : null);
        Add("instr(lower(actor), lower(?)) > 0", filter.ActorHas.Length > 0 ? filter.ActorHas : null);
        Add("substr(type, 1, length(?0)) = ?", filter.Type.Length > 0 ? filter.Type : null);
        if (filter.AnyOf.Count > 0)
        {
            text.Append(" AND type IN (").AppendJoin(", ", filter.AnyOf.Select((_, i) => $"?{values.Count + i + 1}")).Append(')');
            values.AddRange(filter.AnyOf);
        }

        Add("source = ?", filter.Source?.Bytes());
        Add("received >= ?", filter.From?.ToUnixTimeMilliseconds());
        Add("received < ?", filter.Until?.ToUnixTimeMilliseconds());
        return Sql.Command(reader.Connection, text.Append(" ORDER BY seq DESC").ToString(), [.. values]);

        void Add(string condition, object? value)
        {
            if (value is not null)
            {
                values.Add(value);
                text.Append(" AND ").Append(condition.Replace("?0", "?", StringComparison.Ordinal).Replace("?", $"?{values.Count}", StringComparison.Ordinal));
            }
        }
    }

    public static LedgerLine? One(LogReader reader, long seq) => reader.Connection.List(Read, Columns + " AND seq = ?2", reader.Log.Id, seq).FirstOrDefault();

    /// <summary>Numbers of the entries about one source, oldest first.</summary>
    public static List<long> NumbersOf(LogReader reader, Guid source, long from, long until) =>
        reader.Connection.List(static row => row.GetInt64(0), "SELECT seq FROM entry WHERE log = ?1 AND source = ?2 AND seq >= ?3 AND seq < ?4 ORDER BY seq", reader.Log.Id, source.Bytes(), from, until);

    /// <exception cref="LedgerDamagedException">The row is not as we write them.</exception>
    public static LedgerLine Read(SqliteDataReader row)
    {
        try
        {
            return new LedgerLine(
                row.GetInt64(0),
                (RecordKind)row.GetInt64(1),
                new Guid(row.Blob(2), bigEndian: true),
                row.IsDBNull(3) ? null : row.GetInt64(3),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
                row.GetString(5),
                row.GetString(6),
                (EventFlags)row.GetInt64(7));
        }
        catch (Exception e) when (e is ArgumentException or InvalidCastException or InvalidOperationException)
        {
            throw new LedgerDamagedException($"The index for searching cannot be read at entry {row.GetInt64(0)}: somebody changed it. Restore the newest backup.", e);
        }
    }
}
