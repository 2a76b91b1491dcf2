using System.Text.Json;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>Where the events of a server's own chain begin or end in a range.</summary>
/// <param name="Id">In the server's chain.</param>
/// <param name="Entry">Its number in the log.</param>
/// <param name="Hash">The server's, in hexadecimal digits.</param>
internal readonly record struct ChainEdge(long Id, long Entry, string Hash);

/// <summary>What <c>chains.json</c> says of one server's own chain.</summary>
/// <param name="Server">Which server.</param>
/// <param name="Epoch">Of its chain.</param>
/// <param name="Events">How many are in the range.</param>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Status">How it stood when the file was made: the word of whoever made it.</param>
internal sealed record ChainLine(Guid Server, long Epoch, long Events, ChainEdge First, ChainEdge Last, string Status)
{
    public static byte[] Write(IEnumerable<ChainLine> lines)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (var line in lines)
            {
                json.WriteStartObject();
                json.WriteString("server", line.Server);
                json.WriteNumber("epoch", line.Epoch);
                json.WriteNumber("events", line.Events);
                Edge("first", line.First);
                Edge("last", line.Last);
                json.WriteString("status", line.Status);
                json.WriteEndObject();
            }

            json.WriteEndArray();

            void Edge(string name, ChainEdge edge)
            {
                json.WriteStartObject(name);
                json.WriteNumber("id", edge.Id);
                json.WriteNumber("entry", edge.Entry);
                json.WriteString("hash", edge.Hash);
                json.WriteEndObject();
            }
        }

        return text.ToArray();
    }

    /// <summary>Whether a text says what the entries say. The status is not among that, nor is the id of an event that cannot be read, because its text was taken out or is of the older format.</summary>
    /// <param name="text">Of <c>chains.json</c>; hostile.</param>
    /// <param name="rows">All entries of the range, oldest first.</param>
    public static bool SaysTheSame(string text, IEnumerable<EventRow> rows)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var ours = Of(rows);
            return json.RootElement.GetArrayLength() == ours.Count && System.Text.Encoding.UTF8.GetString(Write(ours.Zip(json.RootElement.EnumerateArray(), Completed))) == text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static List<ChainLine> Of(IEnumerable<EventRow> rows)
    {
        var chains = new Dictionary<(Guid Server, uint Epoch), ChainLine>();
        foreach (var row in rows.Where(static row => row.IsEvent || (row.Kind == RecordKind.Notice && row.Epoch != 0)))
        {
            var edge = new ChainEdge(IdOf(row), row.Seq, row.ChainHash.ToHex());
            chains[(row.Source, row.Epoch)] = chains.TryGetValue((row.Source, row.Epoch), out var line) ? line with { Events = line.Events + 1, Last = edge } : new ChainLine(row.Source, row.Epoch, 1, edge, edge, "");
        }

        return [.. chains.Values.OrderBy(static line => line.Server.ToString("N"), StringComparer.Ordinal).ThenBy(static line => line.Epoch)];
    }

    // 0, which no event has, where the entry does not say it.
    private static long IdOf(EventRow row) =>
        row.Body is not { } body ? 0
        : row.Kind == RecordKind.PipedEvent ? (UpstreamEvent.TryParsePiped(body, out var e) ? e.Id : 0)
        : row.IsEvent ? 0
        : LeftOutEvent.Of(ActionBody.Parse(body))?.Id ?? 0;

    private static ChainLine Completed(ChainLine ours, JsonElement said)
    {
        return ours with { First = Edge(ours.First, "first"), Last = Edge(ours.Last, "last"), Status = said.GetProperty("status").GetString() ?? "" };

        ChainEdge Edge(ChainEdge edge, string name) => edge.Id != 0 ? edge : edge with { Id = said.GetProperty(name).GetProperty("id").GetInt64() };
    }
}
