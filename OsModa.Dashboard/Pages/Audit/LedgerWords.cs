using System.Collections.Immutable;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Observation.Wire;
using OsModa.Dashboard.Components;

namespace OsModa.Dashboard.Pages.Audit;

/// <summary>An entry of the ledger in words.</summary>
/// <param name="Mark">Shape on the line; null for none.</param>
/// <param name="Actor">Who.</param>
/// <param name="Says">What they did, beginning with a verb; the server's name stands before or after it.</param>
/// <param name="More">What came of it, or why: in the second voice.</param>
public sealed partial record LedgerWords(Look? Mark, string Actor, string Says, string More)
{
    /// <summary>Where it comes from, when not from this dashboard's own doing: <c>journal of the server</c>; else empty.</summary>
    public string Source { get; init; } = "";

    /// <summary>What stands between the two: a reason follows what it is for, everything else is a thing of its own.</summary>
    public string Between => More is "" ? "" : More[0] == '“' ? ": " : " · ";

    /// <param name="line">The entry.</param>
    /// <param name="you">Name of the one who looks.</param>
    /// <param name="asked">Of an outcome: what the entry says in which it was asked for, which has the names; null where that is not known.</param>
    public static LedgerWords Of(LedgerLine line, string you, ImmutableSortedDictionary<string, string>? asked = null)
    {
        if (line.Action is not { } action)
        {
            return new LedgerWords(null, line.Redaction is not null ? "somebody" : line.Kind is RecordKind.PipedEvent or RecordKind.ConcatenatedEvent ? ServerText.Harmless(line.Actor, 64) : NameOf(line.Actor, you), line.Kind is RecordKind.PipedEvent or RecordKind.ConcatenatedEvent ? $"wrote {(line.Type.Length > 0 ? ServerText.Harmless(line.Type, 128) : "an event")}" : $"{ServerText.Harmless(line.Type, 128)}", Gone(line) ?? ServerText.Harmless(line.Payload, 160));
        }

        return line.Kind switch
        {
            RecordKind.Intent => new(null, NameOf(action.Who, you), $"asked to {Verb(action)}", Quoted(action.Why)),
            RecordKind.Outcome => new(EndMark(action), NameOf(action.Who, you), Ending(asked is null ? action : action with { Details = asked.SetItems(action.Details) }), action.Text),
            _ => Noticed(action, you),
        };
    }

    /// <summary>In words, without who: <c>go back from 42 to 41</c>.</summary>
    public static string Verb(ActionBody action)
    {
        var way = Way(action);
        return action.Verb switch
        {
            "server.roll-back" => $"switch{way}{(action.Details.ContainsKey("onlyNextBoot") ? " at next boot" : "")}{Overriding(action)}",
            "server.deploy" => $"switch{way} on probation{Overriding(action)}",
            "server.drill" => "run a drill",
            "server.standing-watch" => $"go back by itself{way}",
            "server.keep" => "keep what runs",
            "server.stop" => "stop the switch under way",
            "server.add" => "add the server",
            "server.change" => "change what is said of the server",
            "server.remove" => "remove the server from the list",
            "server.accept-host-keys" => "accept its host keys",
            "chain.accept" => "accept what is wrong with its own ledger",
            "chain.announce-reinstall" => "announce that it will be installed anew",
            "quarantine.lift" => "lift a quarantine",
            "member.invite" => Of(action, "email") is { } email ? $"invite {email} as {Of(action, "role")}" : "invite a person",
            "member.withdraw-invitation" => Of(action, "email") is { } email ? $"withdraw the invitation of {email}" : "withdraw an invitation",
            "member.change-role" => Of(action, "name") is { } name ? $"make {name} {Of(action, "role")}" : "change the role of a person",
            "member.remove" => $"take {Of(action, "name") ?? "a person"} out of the organisation",
            "configuration.remote.connect" => Of(action, "address") is { } address ? $"connect the repository {address}, branch {Of(action, "branch")}" : "connect a repository",
            "configuration.remote.disconnect" => Of(action, "address") is { } address ? $"disconnect the repository {address}" : "disconnect the repository",
            "configuration.remote.fetch" => "fetch from the connected repository",
            "configuration.remote.accept-host-keys" => $"accept other host keys at {Of(action, "address") ?? "the connected repository"}",
            "configuration.remote.see-rewritten" => "put away the notice of a rewritten history",
            StampLedger.Verb => "have the ledger time-stamped",
            "ledger.export" => $"take the ledger as {Format(action)}",
            _ => action.Verb,
        };
    }

    private static string Format(ActionBody action) => action.Details.GetValueOrDefault("format") switch
    {
        "csv" => "a table",
        "jsonl" => "JSON lines",
        _ => "a file to be checked",
    };

    private static string Way(ActionBody action) => (action.Details.GetValueOrDefault("from"), action.Details.GetValueOrDefault("to")) switch
    {
        ({ } from, { } to) => $" from {from} to {to}",
        (null, { } to) => $" to {to}",
        _ => "",
    };

    private static string? Of(ActionBody action, string detail) => action.Details.GetValueOrDefault(detail);

    private static string Overriding(ActionBody action) => action.Details.ContainsKey("overridesQuarantine") ? ", overriding what stands against it" : "";

    private static string NameOf(string who, string you) => who == you ? "you" : who.Length == 0 ? "dashboard" : who;

    // Of what a server says itself, nobody else is the one who did it.
    private static string NameOf(ActionBody action, string you) => !action.Verb.StartsWith(HostVerbs.Prefix, StringComparison.Ordinal) ? NameOf(action.Who, you)
        : action.Who.Length == 0 ? "server" : action.Who;

    private static string? Gone(LedgerLine line) => line.Redaction is { } gone ? $"its text was taken out by {gone.Who}: “{gone.Why}”" : null;

    private static string Quoted(string why) => why.Length > 0 ? $"“{why}”" : "";

    // What was given up on probation was done and undone: neither "done" nor "not done" would be true.
    private static string Ending(ActionBody action) => (action.Outcome, action.Verb) switch
    {
        ("failed", "server.standing-watch") when WentBack(action) => $"went back by itself{Way(action)}",
        ("failed", "server.drill") when WentBack(action) => "ran a drill, and the server went back",
        ("failed", _) when WentBack(action) => $"went back{(Of(action, "to") is { } to ? $" from {to}" : "")}{(Of(action, "from") is { } from ? $" to {from}" : "")}",
        ("done", _) => $"done: {Verb(action)}",
        ("failed", _) => $"not done: {Verb(action)}",
        _ => $"it is not known what came of it: {Verb(action)}",
    };

    private static bool WentBack(ActionBody action) => Of(action, "state") == "RolledBack";

    private static Look EndMark(ActionBody action) => (action.Outcome, action.Details.GetValueOrDefault("state")) switch
    {
        (_, "RolledBack") => Look.RolledBack,
        ("done", _) => new Look("done", "healthy", "done"),
        ("failed", _) => new Look("failed", "failed", "failed"),
        _ => Look.Unknown,
    };
}
