using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>Actions that others than the chain of a server tell, held against that.</summary>
/// <param name="Journal">How many of its journal were looked at.</param>
/// <param name="Calls">How many calls of tools, of its teachd.</param>
/// <param name="NotAudited">Those that the chain says nothing of, newest first.</param>
public sealed record CoverageReport(int Journal, int Calls, IReadOnlyList<LedgerLine> NotAudited)
{
    /// <summary>How many were looked at.</summary>
    public int Seen => Journal + Calls;

    /// <summary>The newest of each source that are not audited: however many there are of one, those of the other are seen.</summary>
    public IEnumerable<LedgerLine> Newest(int count) => NotAudited.GroupBy(static line => line.Type == HostVerbs.Tool).SelectMany(lines => lines.Take(count)).OrderByDescending(static line => line.Seq);
}

/// <summary>
/// A chain cannot show what was never written to it. Other sources can: of each switch and each use of sudo in the journal, and of each call of a tool that teachd tells, the chain has to say something at about
/// that time, by the server's clock, which all have: when they came to us says nothing after a pause of the connection.
/// </summary>
public sealed partial class Coverage(LedgerStore store, LedgerQueries queries)
{
    /// <summary>How far apart the two may be.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    /// <summary>How far it looks back, unless <see cref="LedgerQueries.MostLines"/> actions of a source are found before.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromDays(7);

    private const long Neighbours = 2_000;
    private const string Store = "/nix/store/";
    private const string OfTeachd = "teach.";

    private static readonly string[] OfJournal = [HostVerbs.Switch, HostVerbs.RollBack, HostVerbs.Sudo];

    /// <param name="tenant">The caller's organisation.</param>
    /// <param name="server">Which server.</param>
    /// <param name="now">What is younger than <see cref="Tolerance"/> is not judged yet.</param>
    public CoverageReport Read(Guid tenant, Guid server, DateTimeOffset now)
    {
        using var reader = store.Open(tenant);
        if (reader is null)
        {
            return new CoverageReport(0, 0, []);
        }

        var (journal, calls) = (Actions(tenant, server, now, OfJournal), Actions(tenant, server, now, [HostVerbs.Tool]));
        var times = new Dictionary<long, DateTimeOffset?>();
        return new CoverageReport(journal.Count, calls.Count, [.. journal.Concat(calls).Where(line => !IsAudited(reader, times, line, server)).OrderByDescending(static line => line.Seq)]);
    }

    // Whatever else the server writes, and however much, pushes none of them out of sight.
    private List<LedgerLine> Actions(Guid tenant, Guid server, DateTimeOffset now, string[] verbs) =>
        [.. queries.Back(tenant, new LedgerFilter { Source = server, AnyOf = verbs, From = now - Reach, Until = now - Tolerance }).Take(LedgerQueries.MostLines)];

    private static bool IsAudited(LogReader reader, Dictionary<long, DateTimeOffset?> times, LedgerLine line, Guid server)
    {
        if (line.Action is not { } action)
        {
            return false;
        }

        if (IsFailed(action))
        {
            return true;
        }

        var (at, isCovered) = (ChainJudge.Time(action.Details.GetValueOrDefault("at")), false);
        foreach (var chained in reader.Connection.List(
            static row => (Seq: row.GetInt64(0), Id: row.GetInt64(1), Type: row.GetString(2), Actor: row.GetString(3), Received: DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))),
            "SELECT seq, src_id, type, actor, received FROM entry WHERE log = ?1 AND seq BETWEEN ?2 AND ?3 AND source = ?4 AND src_id IS NOT NULL",
            reader.Log.Id, line.Seq - Neighbours, line.Seq + Neighbours, server.Bytes()))
        {
            if (!times.TryGetValue(chained.Seq, out var told))
            {
                times[chained.Seq] = told = ToldEvent.Read(reader, chained.Seq, chained.Id, chained.Type, chained.Actor)?.At;
            }

            var apart = told is { } theirs && at is { } ours ? theirs - ours : chained.Received - line.ReceivedAt;
            isCovered |= apart < -Tolerance;
            if (apart.Duration() <= Tolerance && ToldEvent.Read(reader, chained.Seq, chained.Id, chained.Type, chained.Actor) is { } e && Tells(e, action))
            {
                return true;
            }
        }

        // What came late stands far from the events of its time: where none from before it is among its neighbours, those may lie further up, and it is not known.
        return !isCovered && line.ReceivedAt - at > Tolerance && line.Seq - Neighbours > reader.First;
    }

    // Where an event is known to be written of a call that succeeds, none is of one that does not.
    private static bool IsFailed(ActionBody action) =>
        action.Verb == HostVerbs.Tool && action.Details.GetValueOrDefault("result") == "failed" && !ToolEvents.Of(action.Details.GetValueOrDefault("tool", "")).IsEmpty;

    private static bool Tells(ToldEvent told, ActionBody action)
    {
        var kinds = told.Kinds(out var words);
        return action.Verb switch
        {
            HostVerbs.Sudo => action.Details.TryGetValue("command", out var command) && Names(words, command.Split(' ')[0]),
            HostVerbs.Tool => action.Details.TryGetValue("tool", out var tool) && TellsOfCall(kinds, words, tool),
            _ => action.Details.TryGetValue("system", out var system) && TellsOfSwitch(kinds, words, system),
        };
    }

    // By the kind of its event, or by its name; what teachd learns from calls names tools too, and tells of no call.
    private static bool TellsOfCall(ImmutableArray<string> kinds, FrozenSet<string> words, string tool)
    {
        var name = ToolEvents.Plain(tool);
        return ToolEvents.Of(tool).Any(kinds.Contains)
            || kinds.Any(kind => kind.Replace('.', '_') == name)
            || (words.Contains(name) && !kinds.Any(static kind => kind.StartsWith(OfTeachd, StringComparison.Ordinal)));
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
