using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Tests.Ledger.Bundles;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>A text is taken out of the log, and everything is proven as before.</summary>
public sealed class RedactionTests : RedactionRoom
{
    [Theory]
    [InlineData(10, 4)]       // in the bundle that still grows
    [InlineData(300, 4)]      // in a full one
    [InlineData(255, 254)]    // the record of it makes the bundle full
    public async Task The_text_is_gone_from_the_file_and_everything_verifies_as_before(int count, long seq)
    {
        await using var ledger = new TestLedger();
        await ActAsync(ledger, count);
        await ledger.SignAsync();
        var (before, head) = (ledger.Queries.Entry(TestLedger.Ours, seq)!, ledger.Queries.Heads(TestLedger.Ours)[0].Note!);
        Assert.True(Contains(ledger, $"secret number {seq} "));

        Assert.Null(await RedactAsync(ledger, seq));
        await ledger.ActAsync(3);
        await ledger.SignAsync();

        Assert.Empty(ledger.Publisher.Stopped);
        Assert.False(Contains(ledger, $"secret number {seq} "));
        Assert.True(Contains(ledger, $"secret number {seq - 1} "));
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
        using (var reader = ledger.Store.Open(TestLedger.Ours)!)
        {
            Assert.Equal(CheckResult.Ok, LogCheck.Run(reader, new LogTrust([ledger.Key]) { Seen = [head] }).Result);
        }

        var after = ledger.Queries.Entry(TestLedger.Ours, seq)!;
        Assert.Equal((before.Leaf, true), (after.Leaf, after.Proof!.Includes(after.Leaf)));
        Assert.Equal((true, (ActionBody?)null, (long)count, "Ann", "asked for it"), (after.IsRedacted, after.Action, after.Line.Redaction!.At, after.Line.Redaction.Who, after.Line.Redaction.Why));
        await ledger.ReopenAsync();
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
    }

    [Fact]
    public async Task The_links_of_a_servers_chain_hold_over_an_event_without_its_text()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        Assert.Null(await RedactAsync(ledger, 1));
        await ledger.SignAsync();

        Assert.Equal((3L, (long?)null), (ledger.Check().Chains.Single().Events, ledger.Check().Chains.Single().FirstBroken));

        ledger.Tamper("DELETE FROM redacted");
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);     // the entries say it, not the table
    }

    [Fact]
    public async Task The_type_of_a_servers_event_is_the_servers_text_and_goes_too()
    {
        await using var ledger = new TestLedger();
        var e = new UpstreamEvent(1, "2026-01-15T11:59:00.000Z", "mail.to.jane", "agentd", "{}", TreeHash.Zero);
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(new ChainRow(e, e.Hash(ChainFormat.Piped)), ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow())], default);
        await ledger.SignAsync();
        Assert.True(Contains(ledger, "mail.to.jane"));

        Assert.Null(await RedactAsync(ledger, 0));
        await ledger.SignAsync();
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
        await ledger.CloseAsync();
        Assert.False(Contains(ledger, "mail.to.jane"));

        // One that an earlier version left there does not verify, and is taken out when the ledger is opened.
        ledger.Tamper("UPDATE entry SET type = 'mail.to.jane' WHERE seq = 0");
        await ledger.ReopenAsync();
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
        ledger.Tamper("UPDATE entry SET type = 'mail.to.jane' WHERE seq = 0");
        Assert.Equal(CheckResult.ContentMismatch, ledger.Check().Result);
    }

    [Fact]
    public async Task A_long_text_goes_from_beside_the_log_for_every_entry_that_has_it()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var same = NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "long", Text = new string('x', 70_000) }, TestLedger.Ours, ledger.Clock.GetUtcNow());
        await ledger.Store.AppendAsync(TestLedger.Ours, [same], default);

        Assert.Null(await RedactAsync(ledger, 5));
        await ledger.SignAsync();

        Assert.Equal(0, ledger.Ask<long>("SELECT count(*) FROM side"));
        Assert.Equal(CheckResult.Ok, ledger.Check().Result);
        Assert.All([5L, 6L], seq => Assert.True(ledger.Queries.Entry(TestLedger.Ours, seq)!.IsRedacted));
    }

    [Fact]
    public async Task A_text_that_is_gone_without_an_entry_that_says_so_is_a_broken_ledger()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var entry = ledger.Queries.Entry(TestLedger.Ours, 3)!.Record;
        var bundle = ledger.Ask<byte[]>("SELECT data FROM bundle WHERE log = 1 AND n = 0");
        ledger.Tamper("UPDATE bundle SET data = ?1 WHERE log = 1 AND n = 0", Core.Ledger.Tree.EntryBundle.Replace(bundle, 3, LedgerRecord.Redact(entry))!);
        Assert.Equal((CheckResult.ContentMismatch, "Does not verify at entry 3: its text was taken out, and no entry says that it was redacted."), Said(ledger.Check()));

        ledger.Tamper("UPDATE bundle SET data = ?1 WHERE log = 1 AND n = 0", bundle);
        ledger.Tamper("DELETE FROM side");
        Assert.Equal((CheckResult.ContentMismatch, "Does not verify at entry 5: what was kept beside it is gone, and was not redacted."), Said(ledger.Check()));
    }

    [Fact]
    public async Task What_is_left_of_an_entry_cannot_be_altered()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        Assert.Null(await RedactAsync(ledger, 3));
        await ledger.SignAsync();
        var good = ledger.Ask<byte[]>("SELECT data FROM bundle WHERE log = 1 AND n = 0");
        Assert.True(Core.Ledger.Tree.EntryBundle.TryFind(good, 3, out var left));
        for (var i = 0; i < left.Length; i++)
        {
            var bad = good.ToArray();
            bad[good.AsSpan().IndexOf(left) + i] ^= 1;
            ledger.Tamper("UPDATE bundle SET data = ?1 WHERE log = 1 AND n = 0", bad);
            Assert.NotEqual(CheckResult.Ok, ledger.Check().Result);
        }
    }

    [Fact]
    public async Task An_export_has_the_redaction_with_it_and_verifies_also_when_it_would_have_ended_before()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        Assert.Null(await RedactAsync(ledger, 3));
        using (var reader = ledger.Store.Open(TestLedger.Ours)!)
        {
            Assert.Equal("Entry 3 was redacted just now. The signature under that follows within a second or two.", BundlePlan.Of(reader, new BundleRequest { Until = 4 }).Refused);
        }

        await ledger.SignAsync();
        await ledger.ActAsync(10);
        await ledger.SignAsync();
        var short1 = TestBundle.Make(ledger, new BundleRequest { Until = 4 });
        var single = TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Ours, Proofs = [] });

        Assert.Equal((CheckResult.Ok, 7L), (TestBundle.Check(short1, ledger.Key).Result, TestBundle.Check(short1, ledger.Key).SignedEntries));
        Assert.Contains("3,2026-01-15T12:00:00.000Z,intent,11111111-1111-7111-8111-111111111111,,,,,,,,(deleted),,,,", Text(short1, "events.csv"), StringComparison.Ordinal);
        Assert.DoesNotContain("number 3", Text(short1, "events.jsonl"), StringComparison.Ordinal);
        Assert.Equal(CheckResult.Ok, TestBundle.Check(TestBundle.Make(ledger, new BundleRequest { From = 0, Proofs = [3] }), ledger.Key).Result);
        Assert.Equal(CheckResult.Ok, TestBundle.Check(single, ledger.Key).Result);
        Assert.Contains("proofs/6.tlog-proof", TestBundle.Members(single).Select(static member => member.Name));

        // Without the entry that says so, a single one that is empty proves nothing.
        var forged = TestBundle.Forge(single, (name, data) => name == "proofs/6.tlog-proof" ? null : data);
        Assert.NotEqual(CheckResult.Ok, TestBundle.Check(forged, ledger.Key).Result);
    }

    [Fact]
    public async Task Only_an_owner_does_it_with_a_reason_once_and_never_to_what_the_checks_need()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var redact = new RedactEntry(ledger.Store, ledger.Clock);

        Assert.Equal("Only an owner can take a text out of the ledger.", await redact.RunAsync(Owner with { Role = Role.Operator }, 3, "why"));
        Assert.StartsWith("Say in one line", await redact.RunAsync(Owner, 3, "two\nlines"), StringComparison.Ordinal);
        Assert.Equal("There is no entry 99.", await redact.RunAsync(Owner, 99, "why"));
        Assert.Equal("There is no entry -1.", await redact.RunAsync(Owner, -1, "why"));
        Assert.Null(await redact.RunAsync(Owner, 3, "why"));
        Assert.Equal("Its text was taken out before.", await redact.RunAsync(Owner, 3, "why"));
        Assert.StartsWith("It says something of the ledger itself", await redact.RunAsync(Owner, 6, "why"), StringComparison.Ordinal);
        Assert.Equal("There is no entry 3.", await redact.RunAsync(Owner with { OrganisationId = TestLedger.Theirs }, 3, "why"));
        Assert.Equal(7, ledger.Queries.State(TestLedger.Ours)!.Size);
    }

    [Fact]
    public async Task Nobody_finds_it_by_its_text_or_by_who_did_it()
    {
        await using var ledger = new TestLedger();
        await ActAsync(ledger, 5);
        Assert.Null(await RedactAsync(ledger, 3));

        Assert.Empty(ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Text = "secret number 3 " }).Lines);
        Assert.Equal(4, ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Actor = "Eve" }).Lines.Count);
        var line = ledger.Queries.Page(TestLedger.Ours, LedgerFilter.Everything).Lines.Single(static line => line.Seq == 3);
        Assert.Equal(("test.act", "", "asked for it"), (line.Type, line.Actor, line.Redaction!.Why));
    }

    [Fact]
    public async Task Two_texts_that_are_alike_leave_no_trace_of_that()
    {
        await using var ledger = new TestLedger();
        var who = LedgerActor.Of(Owner);
        await ledger.Writer.NoticeAsync(who, "person.sign-in", "Signed in.");
        await ledger.Writer.NoticeAsync(who, "person.sign-in", "Signed in.");

        // The same time, person and words: only what nobody can guess keeps the hashes apart.
        Assert.NotEqual(ledger.Queries.Entry(TestLedger.Ours, 0)!.Leaf, ledger.Queries.Entry(TestLedger.Ours, 1)!.Leaf);
        Assert.NotEqual(ledger.Queries.Entry(TestLedger.Ours, 0)!.Action!.Salt, ledger.Queries.Entry(TestLedger.Ours, 1)!.Action!.Salt);
    }
}
