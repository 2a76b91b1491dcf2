using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>Actions that the journal of a server tells, held against its own chain.</summary>
/// <param name="Seen">How many of the journal were looked at.</param>
/// <param name="NotAudited">Those that the chain says nothing of, newest first.</param>
public sealed record CoverageReport(int Seen, IReadOnlyList<LedgerLine> NotAudited);

/// <summary>
/// A chain cannot show what was never written to it. A second source can: of each switch and each use of sudo in the journal the chain has to say something at about that time.
/// </summary>
public sealed class Coverage(LedgerStore store, LedgerQueries queries)
{
    /// <summary>How far apart the two may be.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    private const long Neighbours = 2_000;
    private static readonly string[] SwitchWords = ["switch", "rollback", "roll-back", "generation"];

    /// <param name="tenant">The caller's organisation.</param>
    /// <param name="server">Which server.</param>
    /// <param name="now">What is younger than <see cref="Tolerance"/> is not judged yet.</param>
    public CoverageReport Read(Guid tenant, Guid server, DateTimeOffset now)
    {
        using var reader = store.Open(tenant);
        if (reader is null)
        {
            return new CoverageReport(0, []);
        }

        var lines = queries.Page(tenant, new LedgerFilter { Source = server, Type = HostVerbs.Prefix, Until = now - Tolerance }, null, LedgerQueries.MostLines).Lines
            .Where(static line => line.Type is HostVerbs.Switch or HostVerbs.RollBack or HostVerbs.Sudo).ToList();
        return new CoverageReport(lines.Count, [.. lines.Where(line => !IsAudited(reader, line, server))]);
    }

    private static bool IsAudited(LogReader reader, LedgerLine line, Guid server) => reader.Connection.List(
        static row => (Seq: row.GetInt64(0), Type: row.GetString(1)),
        "SELECT seq, type FROM entry WHERE log = ?1 AND seq BETWEEN ?2 AND ?3 AND source = ?4 AND src_id IS NOT NULL AND received BETWEEN ?5 AND ?6",
        reader.Log.Id, line.Seq - Neighbours, line.Seq + Neighbours, server.Bytes(), (line.ReceivedAt - Tolerance).ToUnixTimeMilliseconds(), (line.ReceivedAt + Tolerance).ToUnixTimeMilliseconds())
        .Exists(chained => Tells(reader, chained.Seq, chained.Type, line.Action));

    private static bool Tells(LogReader reader, long seq, string type, ActionBody? action)
    {
        if (action is null || reader.Entry(seq) is not { } bytes || !LedgerRecord.TryParse(bytes, out var record) || record.IsBeside || record.IsRedacted)
        {
            return false;
        }

        var text = System.Text.Encoding.UTF8.GetString(record.Body);
        return action.Verb == HostVerbs.Sudo
            ? action.Details.TryGetValue("command", out var command) && text.Contains(Program(command), StringComparison.Ordinal)
            : (action.Details.TryGetValue("system", out var system) && text.Contains(system, StringComparison.Ordinal))
                || Array.Exists(SwitchWords, word => type.Contains(word, StringComparison.OrdinalIgnoreCase) || text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private static string Program(string command) => command.Split(' ')[0].Split('/')[^1];
}
