using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Pages.Audit;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class LedgerWordsTests
{
    [Theory]
    [InlineData("person.sign-in", "Signed in.", "", "signed in")]
    [InlineData("person.sign-in", "Signed in, after a wrong password from the same network.", "", "signed in, after a wrong password from the same network")]
    [InlineData("host.login", "Logged in over SSH by publickey.", "198.51.100.4", "logged in over SSH by publickey from 198.51.100.4")]
    [InlineData("host.boot", "The server has started.", "", "started")]
    [InlineData("host.switch", "Switched, by the server's own record.", "", "switched to 42, by the server's own record")]
    [InlineData("server.switched-elsewhere", "Switched on the server itself, not through this dashboard.", "", "switched to 42 on the server itself, not through this dashboard")]
    [InlineData("host.sudo", "Ran as root: id", "", "used sudo · Ran as root: id")]
    [InlineData("host.tool", "Called shell_exec, which failed.", "", "called shell_exec, which failed")]
    [InlineData("ledger.time-stamped", "The authority put the time 2026-01-15 12:00:00Z under the signed state of 3 entries.", "", "had the ledger time-stamped · The authority put the time 2026-01-15 12:00:00Z under the signed state of 3 entries.")]
    public void What_was_noticed_is_said_once(string verb, string text, string from, string sentence) =>
        Assert.Equal(sentence, Sentence(Words(RecordKind.Notice, new ActionBody { Verb = verb, Text = text, From = from, Details = LedgerVerbs.Details(("to", "42"), ("tool", "shell_exec")) })));

    [Fact]
    public void Where_it_comes_from_is_no_part_of_the_sentence()
    {
        var words = Words(RecordKind.Notice, new ActionBody { Verb = "host.boot", Text = "The server has started.", Details = LedgerVerbs.Details(("source", "journal of the server")) });

        Assert.Equal(("started", "journal of the server"), (Sentence(words), words.Source));
    }

    [Theory]
    [InlineData("server.deploy", "went back from 37 to 36 · It crashed.")]
    [InlineData("server.drill", "ran a drill, and the server went back · It crashed.")]
    public void What_was_given_up_was_done_and_went_back(string verb, string sentence)
    {
        var words = Words(RecordKind.Outcome, new ActionBody { Verb = verb, Outcome = "failed", Text = "It crashed.", Details = LedgerVerbs.Details(("from", "36"), ("to", "37"), ("state", "RolledBack")) });

        Assert.Equal((sentence, Look.RolledBack), (Sentence(words), words.Mark));
    }

    [Fact]
    public void An_outcome_has_the_names_of_what_was_asked_for()
    {
        var done = new LedgerLine(1, RecordKind.Outcome, Guid.Empty, null, DateTimeOffset.UnixEpoch, "", "Ann", EventFlags.None) { Action = new ActionBody { Verb = "member.invite", Outcome = "done" } };

        Assert.Equal("done: invite bob@example.org as viewer", LedgerWords.Of(done, "Ann", LedgerVerbs.Details(("email", "bob@example.org"), ("role", "viewer"))).Says);
        Assert.Equal("done: invite a person", LedgerWords.Of(done, "Ann").Says);
    }

    private static string Sentence(LedgerWords words) => words.Says + words.Between + words.More;

    private static LedgerWords Words(RecordKind kind, ActionBody action) =>
        LedgerWords.Of(new LedgerLine(0, kind, Guid.Empty, null, DateTimeOffset.UnixEpoch, action.Verb, action.Who, EventFlags.None) { Action = action }, "Ann");
}
