using System.Buffers;
using System.Text;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>Comma-separated values (RFC 4180) for a spreadsheet. A cell that a spreadsheet would take for a formula begins with an apostrophe.</summary>
internal sealed class EventTable : IEventText
{
    private static readonly SearchValues<char> FormulaSigns = SearchValues.Create("=+-@\t\r\n＝＋－＠");
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public ReadOnlySpan<byte> Head => "entry,received,kind,source,what,who,for,from,server,why,outcome,text,details,id,time,hash\r\n"u8;

    public void Append(EventRow row, IBufferWriter<byte> text)
    {
        var line = new StringBuilder().Append(row.Seq);
        Cell(row.Received);
        Cell(row.Word);
        Cell(row.Source.ToString("D"));
        foreach (var cell in row switch
        {
            { Body: null } => Cells("", "", text: "(deleted)"),
            { Kind: RecordKind.PipedEvent, Body: { } body } when UpstreamEvent.TryParsePiped(body, out var e) => Cells(e.Type, e.Actor, text: e.Payload, id: e.Id.ToString(), time: e.Ts, hash: row.ChainHash.ToHex()),
            { IsEvent: true, Body: { } body } => Cells("", "", text: Encoding.UTF8.GetString(body), hash: row.ChainHash.ToHex()),
            { Body: { } body } when ActionBody.Parse(body) is { } a => Cells(a.Verb, a.Who, a.For, a.From, $"{a.Server:D}", a.Why, a.Outcome, a.Text, string.Join("; ", a.Details.Select(static d => $"{d.Key}: {d.Value}"))),
            { Body: { } body } => Cells("", "", text: Encoding.UTF8.GetString(body)),
        })
        {
            Cell(cell);
        }

        Encoding.UTF8.GetBytes(line.Append("\r\n").ToString(), text);

        void Cell(string value)
        {
            line.Append(',');
            var safe = value.Length > 0 && FormulaSigns.Contains(value[0]) ? "'" + value : value;
            _ = safe.AsSpan().ContainsAny(Quoted) ? line.Append('"').Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"') : line.Append(safe);
        }
    }

    private static string[] Cells(
        string what, string who, string onBehalfOf = "", string from = "", string server = "", string why = "", string outcome = "", string text = "", string details = "", string id = "", string time = "", string hash = "") =>
        [what, who, onBehalfOf, from, server, why, outcome, text, details, id, time, hash];
}
