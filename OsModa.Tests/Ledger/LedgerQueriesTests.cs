using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Ledger;

public sealed class LedgerQueriesTests
{
    private static readonly LedgerActor Ann = LedgerActor.Of(new Caller(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Operator) { From = "203.0.113.5" });

    [Fact]
    public async Task Intent_and_outcome_of_a_verb_belong_together_and_say_who_why_and_from_where()
    {
        await using var ledger = new TestLedger();
        var intent = await ledger.Writer.IntendAsync(Ann with { OnBehalfOf = "Bob" }, "server.roll-back", new ServerId(TestLedger.Server), "It broke");
        await ledger.Writer.OutcomeAsync(intent, LedgerOutcome.Done, "Verified.");
        await ledger.Writer.NoticeAsync(LedgerActor.Dashboard(TestLedger.Ours), "chain.cut", "Gone.", new ServerId(TestLedger.Server));

        var (first, second) = (ledger.Queries.Entry(TestLedger.Ours, 0)!, ledger.Queries.Entry(TestLedger.Ours, 1)!);
        Assert.Equal((RecordKind.Intent, RecordKind.Outcome), (first.Line.Kind, second.Line.Kind));
        Assert.Equal(("Ann", "Bob", "It broke", "203.0.113.5", Ann.PersonId), (first.Action!.Who, first.Action.For, first.Action.Why, first.Action.From, first.Action.WhoId));
        Assert.Equal((first.Action.Action, "done", "Verified."), (second.Action!.Action, second.Action.Outcome, second.Action.Text));
        Assert.Equal(3, ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Source = TestLedger.Server }).Lines.Count);
    }

    [Fact]
    public async Task Pages_go_back_from_the_newest_and_filters_hold()
    {
        await using var ledger = new TestLedger();
        await ledger.Store.AppendAsync(TestLedger.Ours, [.. TestLedger.Chain(30).Select(row => NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow()))], default);
        ledger.Clock.Advance(TimeSpan.FromHours(1));
        await ledger.ActAsync(20);
        await ledger.ActAsync(7, TestLedger.Theirs);

        var first = ledger.Queries.Page(TestLedger.Ours, LedgerFilter.Everything, count: 40);
        var second = ledger.Queries.Page(TestLedger.Ours, LedgerFilter.Everything, first.Before, 40);
        Assert.Equal(Enumerable.Range(0, 50).Reverse().Select(i => (long)i), first.Lines.Concat(second.Lines).Select(line => line.Seq));
        Assert.Equal((50L, (long?)null), (second.Size, second.Before));

        Assert.Equal(30, Count(new LedgerFilter { Kind = RecordKind.PipedEvent }));
        Assert.Equal(20, Count(new LedgerFilter { Actor = "Ann" }));
        Assert.Equal(0, Count(new LedgerFilter { Actor = "Ann' OR 1=1" }));
        Assert.Equal(30, Count(new LedgerFilter { Type = "nixos." }));
        Assert.Equal(30, Count(new LedgerFilter { Source = TestLedger.Server }));
        Assert.Equal(20, Count(new LedgerFilter { From = ledger.Clock.GetUtcNow() }));
        Assert.Equal(30, Count(new LedgerFilter { Until = ledger.Clock.GetUtcNow() }));
        Assert.Equal([44], ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Text = "NUMBER 44" }).Lines.Select(line => line.Seq));
        Assert.Equal(7, ledger.Queries.Page(TestLedger.Theirs, LedgerFilter.Everything).Lines.Count);
        Assert.Empty(ledger.Queries.Page(Guid.CreateVersion7(), LedgerFilter.Everything).Lines);

        int Count(LedgerFilter filter) => ledger.Queries.Page(TestLedger.Ours, filter, count: 100).Lines.Count;
    }

    [Fact]
    public async Task A_search_looks_back_so_far_in_one_turn_and_says_where_to_go_on()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(1);
        ledger.Clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 2 * LedgerQueries.MostTexts; i += 10_000)
        {
            await ledger.ActAsync(10_000);
        }

        var (wanted, pages, before, size) = (new LedgerFilter { Text = "number 0" }, new List<LedgerPage>(), (long?)null, (2 * LedgerQueries.MostTexts) + 1);
        do
        {
            pages.Add(ledger.Queries.Page(TestLedger.Ours, wanted, before));
            before = pages[^1].Before;
        }
        while (before is not null);

        Assert.Equal([LedgerQueries.MostTexts + 1, 1L, null], pages.Select(static page => page.Before));
        Assert.Equal((ledger.Clock.GetUtcNow(), size), (pages[0].SearchedTo!.Value, pages[0].Size));
        Assert.Empty(pages[0].Lines);
        Assert.Equal((0L, (DateTimeOffset?)null), (Assert.Single(pages[2].Lines).Seq, pages[2].SearchedTo));
        Assert.Equal(50, ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Text = "number" }).Lines.Count);
    }

    [Fact]
    public async Task An_entry_comes_with_a_proof_that_stands_by_itself()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(300);
        await ledger.SignAsync();
        await ledger.ActAsync(1);

        foreach (var seq in new[] { 0, 255, 256, 299 })
        {
            var entry = ledger.Queries.Entry(TestLedger.Ours, seq)!;
            Assert.True(LoggedProof.TryParse(System.Text.Encoding.UTF8.GetBytes(entry.Proof!.ToString()), out var proof));
            Assert.True(proof.Includes(entry.Record));
            Assert.Equal([ledger.Key.ToString()], proof.Checkpoint.Check([ledger.Key])!.Value.Select(key => key.ToString()));
        }

        Assert.Null(ledger.Queries.Entry(TestLedger.Ours, 300)!.Proof);
        Assert.Null(ledger.Queries.Entry(TestLedger.Ours, 301));
        Assert.Null(ledger.Queries.Entry(TestLedger.Theirs, 0));
    }

    [Fact]
    public async Task Heads_that_were_remembered_can_be_held_against_later_ones()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(300);
        await ledger.SignAsync();
        await ledger.ActAsync(400);
        await ledger.SignAsync();
        var heads = ledger.Queries.Heads(TestLedger.Ours).Select(head => Checkpoint.TryParse(head.Note!.Text, out var checkpoint) ? checkpoint : null).ToList();

        var proof = ledger.Queries.Consistency(TestLedger.Ours, 300, 700)!;

        Assert.True(Consistency.Verify(300, heads[1]!.Root, 700, heads[0]!.Root, proof));
        Assert.Null(ledger.Queries.Consistency(TestLedger.Ours, 300, 701));
    }
}
