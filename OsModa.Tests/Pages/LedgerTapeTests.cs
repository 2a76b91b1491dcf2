using System.Collections.Immutable;
using Bunit;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Dashboard.Pages.Audit;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class LedgerTapeTests : BunitContext
{
    private static readonly Guid Invited = Guid.NewGuid();

    [Fact]
    public void Of_signatures_after_nearly_every_entry_those_in_words_are_the_newest_every_tenth_and_the_first_of_another_minute()
    {
        var heads = Enumerable.Range(1, 16).Reverse().Select(static size => new SignedHead(size, "", DateTimeOffset.UnixEpoch.AddMinutes(size < 4 ? 1 : 2))).ToList();

        var tape = Draw([.. Enumerable.Range(0, 16).Reverse().Select(static seq => Line(seq, RecordKind.Notice, "person.sign-in"))], heads);

        Assert.Equal(16, tape.FindAll(".perforation").Count);
        Assert.Equal(["signed at 16", "signed at 6", "signed at 3"], tape.FindAll(".perforation:not(.is-thin) p").Select(line => line.TextContent.Split('·')[0].Trim()));
    }

    [Fact]
    public void What_came_of_an_invitation_says_who_was_invited()
    {
        var asked = Line(0, RecordKind.Intent, "member.invite");
        asked = asked with { Action = asked.Action! with { Details = asked.Action.Details.Add("email", "bob@example.org").Add("role", "viewer") } };

        var tape = Draw([Line(1, RecordKind.Outcome, "member.invite"), asked], []);

        Assert.Equal("done: invite bob@example.org as viewer", tape.Find(".entry p").TextContent);
    }

    private static LedgerLine Line(long seq, RecordKind kind, string verb) => new(seq, kind, Guid.Empty, null, DateTimeOffset.UnixEpoch, verb, "Ann", EventFlags.None)
    {
        Action = new ActionBody { Verb = verb, Who = "Ann", Action = Invited, Outcome = kind == RecordKind.Outcome ? "done" : "" },
    };

    private IRenderedComponent<LedgerTape> Draw(IReadOnlyList<LedgerLine> lines, IReadOnlyList<SignedHead> heads) => Render<LedgerTape>(tape => tape
        .Add(t => t.Lines, lines).Add(t => t.Heads, heads).Add(t => t.Names, ImmutableDictionary<Guid, string>.Empty).Add(t => t.You, "Ben").Add(t => t.Link, static seq => $"/ledger?entry={seq}"));
}
