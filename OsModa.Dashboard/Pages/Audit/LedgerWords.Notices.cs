using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Dashboard.Components;

namespace OsModa.Dashboard.Pages.Audit;

/// <summary>What was seen, not done.</summary>
public sealed partial record LedgerWords
{
    private const string Switched = "Switched";

    private static LedgerWords Noticed(ActionBody action, string you)
    {
        var (says, more) = Sentences(action);
        return new(NoticeMark(action), NameOf(action, you), says, action.Why.Length > 0 ? Quoted(action.Why) : more) { Source = Of(action, "source") ?? "" };
    }

    // The text of an entry is a sentence for its own: beside ours it often says the same again, and then the one that says more is enough.
    private static (string Says, string More) Sentences(ActionBody action)
    {
        var (says, text) = (Notice(action), action.Text.TrimEnd('.'));
        return action.Verb switch
        {
            "host.boot" => (says, ""),
            "host.login" => ($"{(Continues(text, says) ? Small(text) : says)}{(action.From.Length > 0 ? $" from {action.From}" : "")}", ""),
            "host.switch" or "host.roll-back" or "server.switched-elsewhere" when text.StartsWith(Switched, StringComparison.Ordinal) => (says + text[Switched.Length..], ""),
            _ when Continues(text, says) => (Small(text), ""),
            _ when Continues(says, text) => (says, ""),
            _ => (says, action.Text),
        };
    }

    private static bool Continues(string longer, string shorter) => longer.StartsWith(shorter, StringComparison.OrdinalIgnoreCase);

    private static string Small(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];

    private static Look? NoticeMark(ActionBody action) => action.Verb switch
    {
        "person.sign-in-refused" or "server.switched-elsewhere" or "server.worse-after-switch" or "server.host-key-alarm" or "configuration.remote.host-key-alarm" or "configuration.remote.rewritten" or "ledger.head-contradicted" or WitnessClient.Contradicted or "host.sudo-refused" or "host.switch-failed" or "host.unit-failed" or "host.left-out" or LeftOutEvent.Verb or TellNotAudited.Verb => new Look("warning", "warning", "noticed"),
        TimestampClient.Stamped => new Look("verified", "verified", "time-stamped"),
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
        TellNotAudited.Verb => "did something that its own ledger does not tell of",
        "member.join" => "joined the organisation",
        "server.switched-elsewhere" => $"switched{(action.Details.TryGetValue("to", out var to) ? $" to {to}" : "")}",
        "server.worse-after-switch" => "got worse after a switch",
        "host.login" => "logged in",
        "host.sudo" => "used sudo",
        "host.sudo-refused" => "was refused by sudo",
        "host.switch" or "host.roll-back" => $"{(action.Verb == "host.switch" ? "switched" : "went back")}{Way(action)}",
        "host.switch-failed" => $"could not switch{Way(action)}",
        HostVerbs.Tool => Of(action, "tool") is { } tool ? $"called {tool}" : "called a tool",
        "host.unit-failed" => "failed",
        "host.boot" => "started",
        "host.shut-down" => "goes down",
        "host.garbage-collected" => "collected garbage",
        "host.left-out" => "wrote more than is kept",
        "ledger.head-contradicted" => "found a server that holds another state of the ledger",
        WitnessClient.Contradicted => "found a witness that cosigned what the ledger does not continue",
        TimestampClient.Stamped => "had the ledger time-stamped",
        "ledger.heartbeat" => "nothing happened in an hour",
        TellSettings.Verb => "runs with other settings of the ledger",
        NightlyCheck.Good => "checked the whole ledger",
        NightlyCheck.Bad => "found that the ledger does not verify",
        "ledger.begin-epoch" => "began a new epoch of the ledger",
        "ledger.rotate-key" => "replaced the key of the ledger",
        "ledger.redact" => $"took the text out of entry {Of(action, "entry")}{(Of(action, "endedOrigin") is { } ended ? $" of {ended}" : "")}",
        "ledger.drop" => $"dropped the entries before {Of(action, "before")}",
        _ => action.Verb,
    };
}
