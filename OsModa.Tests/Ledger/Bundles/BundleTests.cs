using System.Text;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
using Xunit;

namespace OsModa.Tests.Ledger.Bundles;

public sealed class BundleTests
{
    [Fact]
    public async Task A_bundle_verifies_with_the_key_and_says_how_much_it_holds()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();

        var report = TestBundle.Check(TestBundle.Make(ledger), ledger.Key);

        Assert.Equal((CheckResult.Ok, "All 6 entries are as they were signed.", 6L, 6L), (report.Result, report.Sentence, report.Entries, report.SignedEntries));
        Assert.Equal((TestLedger.Server, 3L, (long?)null), (report.Chains.Single().Source, report.Chains.Single().Events, report.Chains.Single().FirstBroken));
    }

    [Fact]
    public async Task Its_files_stand_in_a_fixed_order_and_the_same_range_gives_the_same_bytes()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var bundle = TestBundle.Make(ledger, new BundleRequest { Previous = 3, Proofs = [4, 0, 4] });

        Assert.Equal(
            [
                "README.txt", "verify.html", "checkpoint", "previous-checkpoint", "consistency.txt", "policy.txt", "tile/entries/000.p/6",
                BundleMembers.Beside(Core.Ledger.Hashing.Sha256.Plain(TestBundle.Members(bundle).Single(member => member.Name.StartsWith("beside/", StringComparison.Ordinal)).Data).AsSpan()),
                "tile/0/000.p/6", "chains.json", "events.csv", "events.jsonl", "proofs/0.tlog-proof", "proofs/4.tlog-proof", "manifest.json",
            ],
            TestBundle.Members(bundle).Select(member => member.Name));
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        Assert.Equal(bundle, TestBundle.Make(ledger, new BundleRequest { Previous = 3, Proofs = [0, 4], Until = 5 }));
        Assert.Equal(CheckResult.Ok, TestBundle.Check(bundle, ledger.Key).Result);
    }

    [Theory]
    [InlineData(600, 0)]
    [InlineData(600, 300)]
    [InlineData(600, 599)]
    [InlineData(512, 511)]
    [InlineData(70_000, 66_000)]
    public async Task A_part_of_a_long_ledger_verifies_without_the_entries_before_it(int count, long from)
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(count);
        await ledger.SignAsync();
        var first = from / 256 * 256;

        var bundle = TestBundle.Make(ledger, new BundleRequest { From = from });
        var report = TestBundle.Check(bundle, ledger.Key);

        Assert.Equal((CheckResult.Ok, first, count - first), (report.Result, report.First, report.Entries));
        Assert.Equal((count - first + 255) / 256, TestBundle.Members(bundle).Count(member => member.Name.StartsWith("tile/entries/", StringComparison.Ordinal)));
        Assert.Contains($"\n{count - 1},", Text(bundle, "events.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_that_the_reader_knows_the_best_that_can_be_said_is_that_it_agrees_with_itself()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();

        var report = TestBundle.Check(TestBundle.Make(ledger));

        Assert.Equal(CheckResult.Policy, report.Result);
        Assert.Equal($"All 6 entries are as they were signed. But the key is only what the file says of itself: {ledger.Key}. Check again with the key of {ledger.Key.Name} as you know it.", report.Sentence);
    }

    [Fact]
    public async Task The_entries_about_one_server_go_out_alone_and_are_proven()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var bundle = TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Server });

        var report = TestBundle.Check(bundle, ledger.Key);

        Assert.Equal((CheckResult.Ok, "All 3 entries in the file stand in the log as it was signed at 6 entries."), Said(report));
        Assert.Equal(new ChainReport(TestLedger.Server, 1, 3, 0, 0, null), report.Chains.Single());
        Assert.True(report.IsOfOne);
        Assert.Empty(TestBundle.Check(TestBundle.Make(ledger, new BundleRequest { From = 5, Proofs = [0, 2] }), ledger.Key).Chains.Where(static chain => chain.FirstBroken is not null));
        Assert.DoesNotContain(TestBundle.Members(bundle), member => member.Name.StartsWith("tile/", StringComparison.Ordinal) || Encoding.UTF8.GetString(member.Data).Contains("test.act", StringComparison.Ordinal));
        Assert.True(LoggedProof.TryParse(TestBundle.Members(bundle).Single(member => member.Name == "proofs/1.tlog-proof").Data, out var proof));
        Assert.True(proof.Includes(proof.Extra!.Value.Span));
    }

    [Fact]
    public async Task The_long_texts_of_single_entries_go_along_once_and_are_checked()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var rows = TestLedger.Chain(3).ToList();
        var payload = $"{{\"n\":\"{new string('x', 100_000)}\"}}";
        var long4 = new UpstreamEvent(4, "2026-01-15T11:59:00.000Z", "nixos.switch", "agentd", payload, rows[^1].Hash);
        await ledger.Store.AppendAsync(
            TestLedger.Ours, [NewRecord.Of(new ChainRow(long4, long4.Hash(ChainFormat.Piped)), ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow())], default);
        await ledger.SignAsync();

        var bundle = TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Server });
        var beside = TestBundle.Members(bundle).Single(member => member.Name.StartsWith("beside/", StringComparison.Ordinal));

        Assert.Contains(payload, Encoding.UTF8.GetString(beside.Data), StringComparison.Ordinal);
        Assert.Equal((CheckResult.Ok, "All 4 entries in the file stand in the log as it was signed at 7 entries."), Said(TestBundle.Check(bundle, ledger.Key)));
        var forged = TestBundle.Forge(bundle, (name, data) => name == beside.Name ? [.. data[..^1], (byte)(data[^1] ^ 1)] : data);
        Assert.Equal((CheckResult.ContentMismatch, "Does not verify at entry 6: what is kept beside it is not what was written."), Said(TestBundle.Check(forged, ledger.Key)));

        var range = TestBundle.Make(ledger, new BundleRequest { Proofs = [5, 6] });
        Assert.Equal(2, TestBundle.Members(range).Count(member => member.Name.StartsWith("beside/", StringComparison.Ordinal)));
        Assert.Equal(CheckResult.Ok, TestBundle.Check(range, ledger.Key).Result);
    }

    [Fact]
    public async Task The_tables_say_what_the_entries_say_and_no_cell_is_a_formula()
    {
        await using var ledger = new TestLedger();
        await ledger.Writer.NoticeAsync(new(TestLedger.Ours, null, "=cmd|' /C calc'!A0"), "@SUM(1)", "two\r\nlines, and \"quotes\"", new(TestLedger.Server));
        await ledger.Writer.NoticeAsync(new(TestLedger.Ours, null, "Ann"), "plain", "+1");
        await ledger.SignAsync();
        var bundle = TestBundle.Make(ledger);

        Assert.Equal(
            "entry,received,kind,source,what,who,for,from,server,why,outcome,text,details,id,time,hash\r\n" +
            $"0,2026-01-15T12:00:00.000Z,notice,{TestLedger.Server},'@SUM(1),'=cmd|' /C calc'!A0,,,{TestLedger.Server},,,\"two\r\nlines, and \"\"quotes\"\"\",,,,\r\n" +
            $"1,2026-01-15T12:00:00.000Z,notice,{TestLedger.Ours},plain,Ann,,,,,,'+1,,,,\r\n",
            Text(bundle, "events.csv"));
        Assert.Matches("""^\{"seq":1,"received":"2026-01-15T12:00:00.000Z","kind":"notice","source":"11111111-1111-7111-8111-111111111111","body":\{"salt":"[^"]{24}","text":"\+1","verb":"plain","who":"Ann"\}\}$""", Text(bundle, "events.jsonl").Split('\n')[1]);
    }

    [Fact]
    public async Task What_cannot_be_exported_is_refused_in_a_sentence()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        using (var unsigned = ledger.Store.Open(TestLedger.Ours)!)
        {
            Assert.Equal("Nothing is signed yet. The first signature follows within a second or two.", BundlePlan.Of(unsigned, new()).Refused);
        }

        await ledger.SignAsync();
        using var log = ledger.Store.Open(TestLedger.Ours)!;
        Assert.Equal("The export would begin at entry 3, but entries go from 0 to 2.", BundlePlan.Of(log, new() { From = 3 }).Refused);
        Assert.Equal("No signed head has entry 3 yet.", BundlePlan.Of(log, new() { Until = 3 }).Refused);
        Assert.Equal("No head of 2 entries was signed up to there.", BundlePlan.Of(log, new() { Previous = 2 }).Refused);
        Assert.Equal("One of the single entries is not under the signed head of 3 entries.", BundlePlan.Of(log, new() { Proofs = [3] }).Refused);
        Assert.Equal("No entry about it is signed yet.", BundlePlan.Of(log, new() { Source = TestLedger.Server }).Refused);
    }

    [Fact]
    public async Task Its_policy_names_the_witnesses_and_the_head_verifies_by_it_before_and_after_they_cosign()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        using var one = SignerKey.Generate("witness.example/w");
        using var other = SignerKey.Generate("witness.example/w");
        VerifierKey[] witnesses = [one.WitnessVerifier, other.WitnessVerifier];
        Assert.EndsWith("\nquorum none\n", Text(TestBundle.Make(ledger, null, witnesses), "policy.txt"), StringComparison.Ordinal);
        var note = ledger.Queries.State(TestLedger.Ours)!.Newest!;
        ledger.Tamper("INSERT INTO cosig(log, size, witness, line, t) VALUES(?1, 6, ?2, ?3, 0)", ledger.Store.Newest(TestLedger.Ours)!.Id, one.Name, one.Cosign(note.Text, ledger.Clock.GetUtcNow()).Line);

        var bundle = TestBundle.Make(ledger, null, witnesses);

        Assert.Equal(
            $"log {ledger.Key}\nwitness witness-1 {witnesses[0]}\nwitness witness-2 {witnesses[1]}\ngroup witnesses any witness-1 witness-2\nquorum witnesses\n", Text(bundle, "policy.txt"));
        Assert.True(TrustPolicy.TryParse(Encoding.UTF8.GetBytes(Text(bundle, "policy.txt")), out var policy, out _));
        Assert.Equal(CheckResult.Ok, TestBundle.Check(bundle, new LogTrust([]) { Policy = policy }).Result);
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(Text(bundle, "checkpoint")), out var head));
        Assert.Equal(PolicyVerdict.Trusted, policy.Check(head));
    }

    [Theory]
    [InlineData(1u, "Gap")]
    [InlineData(2u, "Cut")]
    public async Task Of_a_servers_chain_it_says_how_it_stands_or_what_was_last_said_of_it(uint epoch, string status)
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var told = new ActionBody { Verb = HostVerbs.ChainStatus, Details = LedgerVerbs.Details(("status", "Cut"), ("epoch", "1")) };
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, told, TestLedger.Server, ledger.Clock.GetUtcNow())], default);
        await ledger.Store.RunAsync(group => new ChainStanding(ChainStatus.Gap, 7, "", ledger.Clock.GetUtcNow()) { Epoch = epoch }.Save(group, TestLedger.Server));
        await ledger.SignAsync();

        Assert.Contains($"\"status\":\"{status}\"", Text(TestBundle.Make(ledger), "chains.json"), StringComparison.Ordinal);
    }

    private static string Text(byte[] bundle, string name) => Encoding.UTF8.GetString(TestBundle.Members(bundle).Single(member => member.Name == name).Data);

    private static (CheckResult Result, string Sentence) Said(CheckReport report) => (report.Result, report.Sentence);
}
