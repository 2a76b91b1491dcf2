using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>The tables of agentd's database that a chain is made of.</summary>
/// <param name="Events">First page of <c>events</c>.</param>
/// <param name="Columns">Where in a row of it ts, type, actor, payload, prev_hash and hash are.</param>
/// <param name="Format">Of the hashes.</param>
/// <param name="HighestEver">What <c>sqlite_sequence</c> says of <c>events</c>; null when it says nothing.</param>
internal sealed record ChainTables(uint Events, int[] Columns, ChainFormat Format, long? HighestEver)
{
    private const int WordsMost = 1_024;

    private static readonly string[] Names = ["ts", "type", "actor", "payload", "prev_hash", "hash"];

    /// <returns>Null: agentd has not made its table yet.</returns>
    /// <exception cref="ForeignDatabaseException">The table is not as agentd makes it.</exception>
    public static async Task<ChainTables?> ReadAsync(TableWalk walk, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<string, (uint Root, string Sql)>(StringComparer.Ordinal);
        await foreach (var rows in walk.RowsAsync(1, 0, cancellationToken))
        {
            foreach (var row in rows.Where(static row => row.Record is not null))
            {
                var record = new TableRecord(row.Record);
                if (record.Text(0) == "table" && record.Text(1) is { } name && record.Number(3) is > 0 and <= uint.MaxValue and var root)
                {
                    tables[name] = ((uint)root, record.Text(4) ?? "");
                }
            }
        }

        if (!tables.TryGetValue("events", out var events))
        {
            return null;
        }

        var version = await FirstAsync(walk, tables, "schema_version", static row => true, 1, cancellationToken);
        var highest = await FirstAsync(walk, tables, "sqlite_sequence", static row => new TableRecord(row).Text(0) == "events", 1, cancellationToken);
        return new ChainTables(events.Root, Layout(events.Sql), version is null or < 2 ? ChainFormat.Concatenated : ChainFormat.Piped, highest);
    }

    /// <summary>A row as the judge takes it. A hash that is none is taken for zero, which no event has. What is longer than an entry may be, or has a NUL in its words, is left out, and says so.</summary>
    public ChainRow Row(TableRow row)
    {
        if (row.Record is null)
        {
            return ChainRow.Of(new LeftOutEvent(row.Id, row.Length, Begins(row, 0), Begins(row, 1), Begins(row, 2)));
        }

        var record = new TableRecord(row.Record);
        var e = new UpstreamEvent(row.Id, record.Text(Columns[0]) ?? "", record.Text(Columns[1]) ?? "", record.Text(Columns[2]) ?? "", record.Text(Columns[3]) ?? "", Hash(record.Text(Columns[4])));
        if (Format == ChainFormat.Piped && e.Ts.Contains('|', StringComparison.Ordinal) && UpstreamEvent.TryParsePiped(e.PreImage(Format), out var read))
        {
            e = read;       // the same is hashed; what the words of it are is said by that alone
        }

        var (isShort, hasNul) = (IsShort(e), e.Type.Contains('\0', StringComparison.Ordinal) || e.Actor.Contains('\0', StringComparison.Ordinal));
        return isShort && !hasNul
            ? new ChainRow(e, Hash(record.Text(Columns[5])))
            : ChainRow.Of(new LeftOutEvent(e.Id, row.Record.Length, e.Ts, e.Type, e.Actor) { HasNul = isShort });
    }

    /// <summary>It has the shape of an event, whatever table it is from.</summary>
    public bool IsLikeEvent(TableRow row)
    {
        var record = new TableRecord(row.Record);
        return record.TextLength(Columns[4]) == 2 * TreeHash.Bytes && record.TextLength(Columns[5]) == 2 * TreeHash.Bytes;
    }

    // The words that a search finds an event by are short.
    private bool IsShort(UpstreamEvent e) => e.Ts.Length + e.Type.Length + e.Actor.Length <= WordsMost && (e.Payload.Length < LedgerRecord.MostBodyBytes / 4 || e.PreImage(Format).Length <= LedgerRecord.MostBodyBytes);

    private string Begins(TableRow row, int column)
    {
        try
        {
            return new TableRecord(row.Beginning.Span).Text(Columns[column]) ?? "";
        }
        catch (ForeignDatabaseException)
        {
            return "";      // it goes on beyond its page
        }
    }

    private static TreeHash Hash(string? hex) => hex is { Length: 2 * TreeHash.Bytes } && TreeHash.TryParseHex(System.Text.Encoding.UTF8.GetBytes(hex), out var hash) ? hash : TreeHash.Zero;

    private static async Task<long?> FirstAsync(TableWalk walk, Dictionary<string, (uint Root, string Sql)> tables, string table, Func<byte[], bool> wanted, int column, CancellationToken cancellationToken)
    {
        if (tables.TryGetValue(table, out var found))
        {
            await foreach (var rows in walk.RowsAsync(found.Root, 0, cancellationToken))
            {
                foreach (var row in rows.Where(row => row.Record is not null && wanted(row.Record)))
                {
                    return new TableRecord(row.Record!).Number(column);
                }
            }
        }

        return null;
    }

    // Columns stand in a row in the order in which the table was made with them; those added later follow.
    private static int[] Layout(string sql)
    {
        var open = sql.IndexOf('(', StringComparison.Ordinal);
        var (names, depth, start) = (new List<string>(), 0, open + 1);
        for (var i = open + 1; open >= 0 && i < sql.Length; i++)
        {
            if (depth == 0 && sql[i] is (',' or ')'))
            {
                names.Add(sql[start..i].Trim().Split([' ', '\t', '\n', '\r'], 2)[0].Trim('"', '`', '[', ']').ToLowerInvariant());
                start = i + 1;
                if (sql[i] == ')')
                {
                    break;
                }
            }

            depth += sql[i] switch { '(' => 1, ')' => -1, _ => 0 };
        }

        var columns = Array.ConvertAll(Names, name => names.IndexOf(name));
        return names is ["id", ..] && !columns.Contains(-1) ? columns : throw new ForeignDatabaseException("The server's own ledger has a table that is not as agentd makes it.");
    }
}
