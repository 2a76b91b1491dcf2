using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using OsModa.Core.Ledger.Chains;
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
/// A chain cannot show what was never written to it. A second source can: of each switch and each use of sudo in the journal the chain has to say something at about that time,
/// by the server's clock, which both have: when they came to us says nothing after a pause of the connection.
/// </summary>
public sealed partial class Coverage(LedgerStore store, LedgerQueries queries)
{
    /// <summary>How far apart the two may be.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    /// <summary>How far it looks back, unless <see cref="LedgerQueries.MostLines"/> actions are found before.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromDays(7);

    private const long Neighbours = 2_000;
    private const string Store = "/nix/store/";

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

        var lines = Actions(tenant, server, now);
        var times = new Dictionary<long, DateTimeOffset?>();
        return new CoverageReport(lines.Count, [.. lines.Where(line => !IsAudited(reader, times, line, server))]);
    }

    // Whatever else the server writes, and however much, pushes none of them out of sight.
    private List<LedgerLine> Actions(Guid tenant, Guid server, DateTimeOffset now) =>
        [.. queries.Back(tenant, new LedgerFilter { Source = server, AnyOf = [HostVerbs.Switch, HostVerbs.RollBack, HostVerbs.Sudo], From = now - Reach, Until = now - Tolerance }).Take(LedgerQueries.MostLines)];

    private static bool IsAudited(LogReader reader, Dictionary<long, DateTimeOffset?> times, LedgerLine line, Guid server) => line.Action is { } action && reader.Connection.List(
        static row => (Seq: row.GetInt64(0), Id: row.GetInt64(1), Type: row.GetString(2), Actor: row.GetString(3), Received: DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))),
        "SELECT seq, src_id, type, actor, received FROM entry WHERE log = ?1 AND seq BETWEEN ?2 AND ?3 AND source = ?4 AND src_id IS NOT NULL",
        reader.Log.Id, line.Seq - Neighbours, line.Seq + Neighbours, server.Bytes())
        .Exists(chained =>
        {
            if (!times.TryGetValue(chained.Seq, out var told))
            {
                times[chained.Seq] = told = ToldEvent.Read(reader, chained.Seq, chained.Id, chained.Type, chained.Actor)?.At;
            }

            var apart = told is { } theirs && ChainJudge.Time(action.Details.GetValueOrDefault("at")) is { } journal ? theirs - journal : chained.Received - line.ReceivedAt;
            return apart.Duration() <= Tolerance && ToldEvent.Read(reader, chained.Seq, chained.Id, chained.Type, chained.Actor) is { } e && Tells(e, action);
        });

    private static bool Tells(ToldEvent told, ActionBody action)
    {
        var kinds = told.Kinds(out var words);
        return action.Verb == HostVerbs.Sudo
            ? action.Details.TryGetValue("command", out var command) && Names(words, command.Split(' ')[0])
            : action.Details.TryGetValue("system", out var system) && TellsOfSwitch(kinds, words, system);
    }

    // What names systems and not this one tells of another switch.
    private static bool TellsOfSwitch(ImmutableArray<string> kinds, FrozenSet<string> words, string system)
    {
        var systems = words.Where(static word => word.StartsWith(Store, StringComparison.Ordinal) && word.Contains("-nixos-system-", StringComparison.Ordinal)).ToList();
        return words.Contains(system)
            || words.Any(word => word.StartsWith(system + "/", StringComparison.Ordinal))
            || (systems.Count == 0 && (kinds.Any(SwitchKind().IsMatch) || Names(words, "switch-to-configuration") || (Names(words, "nixos-rebuild") && (words.Contains("switch") || words.Contains("test")))));
    }

    // By its path or its plain name; the chain may have it by another path of the same name.
    private static bool Names(FrozenSet<string> words, string program)
    {
        var name = program.Split('/')[^1];
        return words.Contains(program) || words.Contains(name) || words.Any(word => word.EndsWith($"bin/{name}", StringComparison.Ordinal));
    }

    [GeneratedRegex("(^|[^a-z])(switch|roll-?back|rebuild|generation)([^a-z]|$)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SwitchKind();
}
