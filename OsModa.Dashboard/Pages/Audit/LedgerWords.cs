using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Observation.Wire;
using OsModa.Dashboard.Components;

namespace OsModa.Dashboard.Pages.Audit;

/// <summary>An entry of the ledger in words.</summary>
/// <param name="Mark">Shape on the line; null for none.</param>
/// <param name="Actor">Who.</param>
/// <param name="Says">What they did, beginning with a verb; the server's name stands before or after it.</param>
/// <param name="More">What came of it, or why: in the second voice.</param>
public sealed record LedgerWords(Look? Mark, string Actor, string Says, string More)
{
    /// <param name="line">The entry.</param>
    /// <param name="you">Name of the one who looks.</param>
    public static LedgerWords Of(LedgerLine line, string you)
    {
        if (line.Action is not { } action)
        {
            return new LedgerWords(null, line.Redaction is not null ? "somebody" : line.Kind is RecordKind.PipedEvent or RecordKind.ConcatenatedEvent ? ServerText.Harmless(line.Actor, 64) : NameOf(line.Actor, you), line.Kind is RecordKind.PipedEvent or RecordKind.ConcatenatedEvent ? $"wrote {(line.Type.Length > 0 ? ServerText.Harmless(line.Type, 128) : "an event")}" : $"{ServerText.Harmless(line.Type, 128)}", Gone(line) ?? ServerText.Harmless(line.Payload, 160));
        }

        var verb = Verb(action);
        return line.Kind switch
        {
            RecordKind.Intent => new(null, NameOf(action.Who, you), $"asked to {verb}", action.Why.Length > 0 ? $"“{action.Why}”" : ""),
            RecordKind.Outcome => new(EndMark(action), NameOf(action.Who, you), $"{Ending(action.Outcome)}: {verb}", action.Text),
            _ => new(NoticeMark(action), NameOf(action, you), Notice(action), action.Why.Length > 0 ? $"“{action.Why}”" : Source(action)),
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
            "quarantine.lift" => "lift a quarantine",
            "member.invite" => $"invite {Of(action, "email")} as {Of(action, "role")}",
            "member.withdraw-invitation" => $"withdraw the invitation of {Of(action, "email")}",
            "member.change-role" => $"make {Of(action, "name")} {Of(action, "role")}",
            "member.remove" => $"take {Of(action, "name")} out of the organisation",
            "configuration.remote.connect" => $"connect the repository {action.Details.GetValueOrDefault("address")}, branch {action.Details.GetValueOrDefault("branch")}",
            "configuration.remote.disconnect" => $"disconnect the repository {action.Details.GetValueOrDefault("address")}",
            "configuration.remote.fetch" => "fetch from the connected repository",
            "configuration.remote.accept-host-keys" => $"accept other host keys at {action.Details.GetValueOrDefault("address")}",
            "configuration.remote.see-rewritten" => "put away the notice of a rewritten history",
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

    private static string Of(ActionBody action, string detail) => action.Details.GetValueOrDefault(detail, "somebody");

    private static string Overriding(ActionBody action) => action.Details.ContainsKey("overridesQuarantine") ? ", overriding what stands against it" : "";

    private static string NameOf(string who, string you) => who == you ? "you" : who.Length == 0 ? "dashboard" : who;

    // Of what a server says itself, nobody else is the one who did it.
    private static string NameOf(ActionBody action, string you) => !action.Verb.StartsWith(HostVerbs.Prefix, StringComparison.Ordinal) ? NameOf(action.Who, you)
        : action.Who.Length == 0 ? "server" : action.Who;

    private static string? Gone(LedgerLine line) => line.Redaction is { } gone ? $"its text was taken out by {gone.Who}: “{gone.Why}”" : null;

    // Where an entry comes from is said wherever it is not from this dashboard's own doing.
    private static string Source(ActionBody action) => action.Details.TryGetValue("source", out var source) ? $"{action.Text} ({source})" : action.Text;

    private static string Ending(string outcome) => outcome switch
    {
        "done" => "done",
        "failed" => "not done",
        _ => "it is not known what came of it",
    };

    private static Look EndMark(ActionBody action) => (action.Outcome, action.Details.GetValueOrDefault("state")) switch
    {
        (_, "RolledBack") => Look.RolledBack,
        ("done", _) => new Look("done", "healthy", "done"),
        ("failed", _) => new Look("failed", "failed", "failed"),
        _ => Look.Unknown,
    };

    private static Look? NoticeMark(ActionBody action) => action.Verb switch
    {
        "person.sign-in-refused" or "server.switched-elsewhere" or "server.worse-after-switch" or "server.host-key-alarm" or "configuration.remote.host-key-alarm" or "configuration.remote.rewritten" or "ledger.head-contradicted" or WitnessClient.Contradicted or "host.sudo-refused" or "host.switch-failed" or "host.unit-failed" or "host.left-out" or LeftOutEvent.Verb => new Look("warning", "warning", "noticed"),
        NightlyCheck.Good => new Look("verified", "verified", "verifies"),
        NightlyCheck.Bad => new Look("bad", "broken", "does not verify"),
        HostVerbs.ChainStatus => ChainWords.Look(action.Details.GetValueOrDefault("status", "")),
        _ => null,
    };

    private static string Notice(ActionBody action) => action.Verb switch
    {
        "person.sign-in" => "signed in",
        "person.sign-in-refused" => "was refused at the sign-in page",
        "person.sign-out" => "signed out",
        "person.change-password" => "changed the password",
        SupportViews.Verb => $"looked at {action.Details.GetValueOrDefault("page", "something")} on behalf of {action.For}",
        "organisation.set-up" => "set up the dashboard",
        "server.host-key-alarm" => "shows another host key than was accepted",
        "configuration.remote.host-key-alarm" => $"was shown another host key than was accepted at {action.Details.GetValueOrDefault("address")}",
        "configuration.remote.rewritten" => "found the history in the connected repository rewritten, and followed",
        "configuration.remote.moved" => "took over what somebody pushed to the connected repository",
        HostVerbs.ChainStatus => $"its own ledger: {ChainWords.Of(action.Details.GetValueOrDefault("status", ""))}",
        LeftOutEvent.Verb => "has an event that is not copied",
        "member.join" => "joined the organisation",
        "server.switched-elsewhere" => $"switched{(action.Details.TryGetValue("to", out var to) ? $" to {to}" : "")}, not through osModa",
        "server.worse-after-switch" => "got worse after a switch",
        "host.login" => $"logged in{(action.From.Length > 0 ? $" from {action.From}" : "")}",
        "host.sudo" => "used sudo",
        "host.sudo-refused" => "was refused by sudo",
        "host.switch" or "host.roll-back" => $"{(action.Verb == "host.switch" ? "switched" : "went back")}{Way(action)}",
        "host.switch-failed" => $"could not switch{Way(action)}",
        "host.unit-failed" => "failed",
        "host.boot" => "started",
        "host.shut-down" => "goes down",
        "host.garbage-collected" => "collected garbage",
        "host.left-out" => "wrote more than is kept",
        "ledger.head-contradicted" => "found a server that holds another state of the ledger",
        WitnessClient.Contradicted => "found a witness that cosigned what the ledger does not continue",
        "ledger.heartbeat" => "nothing happened in an hour",
        TellSettings.Verb => "runs with other settings of the ledger",
        NightlyCheck.Good => "checked the whole ledger",
        NightlyCheck.Bad => "found that the ledger does not verify",
        "ledger.begin-epoch" => "began a new epoch of the ledger",
        "ledger.rotate-key" => "replaced the key of the ledger",
        "ledger.redact" => $"took the text out of entry {Of(action, "entry")}",
        "ledger.drop" => $"dropped the entries before {Of(action, "before")}",
        _ => action.Verb,
    };
}
