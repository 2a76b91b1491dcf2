using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>What the one who checks a log demands of it beyond its own key.</summary>
public sealed class TrustTests
{
    [Fact]
    public async Task A_quorum_of_witnesses_is_asked_for_and_the_answer_says_up_to_where_they_signed()
    {
        await using var ledger = new TestLedger();
        using var first = SignerKey.Generate("witness.example/a");
        using var second = SignerKey.Generate("witness.example/b");
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        await ledger.ActAsync(2);
        await ledger.SignAsync();
        var policy = Policy($"log {ledger.Key}\nwitness a {first.WitnessVerifier}\nwitness b {second.WitnessVerifier}\ngroup both all a b\nquorum both\n");

        Assert.Equal((CheckResult.Policy, "No head was signed by as many witnesses as the policy asks for (quorum both)."), Said(Check(ledger, policy)));

        Cosign(ledger, 3, first);
        Assert.Equal(CheckResult.Policy, Check(ledger, policy).Result);

        Cosign(ledger, 3, second);
        var report = Check(ledger, policy);
        Assert.Equal((CheckResult.Ok, 3L, 5L), (report.Result, report.Witnessed, report.SignedEntries));
    }

    [Fact]
    public async Task A_wrong_signature_of_a_witness_that_counts_spoils_the_head_and_one_of_a_stranger_does_not()
    {
        await using var ledger = new TestLedger();
        using var witness = SignerKey.Generate("witness.example/a");
        using var stranger = SignerKey.Generate("witness.example/z");
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        Cosign(ledger, 3, stranger, "another text\n");
        Cosign(ledger, 3, witness);
        var policy = Policy($"witness a {witness.WitnessVerifier}\nquorum a\n");
        Assert.Equal(CheckResult.Ok, Check(ledger, policy).Result);

        ledger.Tamper("DELETE FROM cosig");
        Cosign(ledger, 3, witness, "another text\n");
        Assert.Equal((CheckResult.Signature, "The head of 3 entries has a signature by a witness of the policy that is not right."), Said(Check(ledger, policy)));
    }

    [Fact]
    public async Task A_log_that_the_policy_does_not_name_or_whose_key_nobody_brought_is_not_trusted()
    {
        await using var ledger = new TestLedger();
        using var other = SignerKey.Generate("other.example/log");
        await ledger.ActAsync(1);
        await ledger.SignAsync();

        Assert.Equal(
            (CheckResult.Policy, "The policy does not name the log ledger.example/ledger/11111111111171118111111111111111."),
            Said(Check(ledger, Policy($"log {other.Verifier}\nquorum none\n"))));
        Assert.Equal(CheckResult.Policy, ledger.Check(other.Verifier).Result);
    }

    [Fact]
    public async Task A_head_that_was_seen_before_has_to_be_continued()
    {
        await using var ledger = new TestLedger();
        await using var fork = new TestLedger();
        File.Copy(KeyFile(ledger), KeyFile(fork), overwrite: true);
        File.Copy(KeyFile(ledger) + ".pub", KeyFile(fork) + ".pub", overwrite: true);
        foreach (var one in new[] { ledger, fork })
        {
            await one.ActAsync(300);
            await one.SignAsync();
        }

        var seen = Newest(ledger);
        await ledger.ActAsync(300);
        await ledger.SignAsync();
        await fork.Writer.NoticeAsync(new(TestLedger.Ours, null, "x"), "another.history", "");
        await fork.SignAsync();
        var later = Newest(ledger);

        Assert.Equal(CheckResult.Ok, Check(ledger, seen, later).Result);
        Assert.Equal((CheckResult.Consistency, "A head of 600 entries was seen before, but there are only 301: the newest are gone, or this is an older copy."), Said(Check(fork, seen, later)));
        Assert.Equal(
            (CheckResult.Consistency, "At 301 entries this is another history than the one that was seen before, and both are signed. Keep both: they are the evidence."),
            Said(Check(ledger, Newest(fork))));

        using var thief = SignerKey.Generate(ledger.Key.Name);
        Assert.Equal((CheckResult.Signature, "The head of 300 entries that was seen before is not signed by " + ledger.Key.Name + "."), Said(Check(ledger, SignedNote.Sign(seen.Text, thief))));
    }

    private static string KeyFile(TestLedger ledger)
    {
        // Made with the first signature.
        Directory.CreateDirectory(ledger.Settings.KeyFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = Path.Combine(ledger.Settings.KeyFolder, Uri.EscapeDataString(LogName.OriginOf("ledger.example", TestLedger.Ours, 1)) + ".key");
        if (!File.Exists(path))
        {
            ledger.Store.Keys.LoadOrMake(new LogName(1, LogName.OriginOf("ledger.example", TestLedger.Ours, 1), TestLedger.Ours, 1)).Dispose();
        }

        return path;
    }

    private static SignedNote Newest(TestLedger ledger) => ledger.Queries.Heads(TestLedger.Ours)[0].Note!;

    private static TrustPolicy Policy(string text) => TrustPolicy.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var policy, out var error) ? policy : throw new InvalidOperationException(error);

    private static void Cosign(TestLedger ledger, long size, SignerKey witness, string? text = null)
    {
        var line = witness.Cosign(text ?? ledger.Queries.Heads(TestLedger.Ours).Single(head => head.Size == size).Note!.Text, ledger.Clock.GetUtcNow()).Line;
        ledger.Tamper("INSERT INTO cosig(log, size, witness, line, t) VALUES(1, ?1, ?2, ?3, 0)", size, witness.Name, line);
    }

    private static CheckReport Check(TestLedger ledger, TrustPolicy policy) => Check(ledger, new LogTrust([ledger.Key]) { Policy = policy });

    private static CheckReport Check(TestLedger ledger, params SignedNote[] seen) => Check(ledger, new LogTrust([ledger.Key]) { Seen = [.. seen] });

    private static CheckReport Check(TestLedger ledger, LogTrust trust)
    {
        using var reader = ledger.Store.Open(TestLedger.Ours)!;
        return LogCheck.Run(reader, trust);
    }

    private static (CheckResult Result, string Sentence) Said(CheckReport report) => (report.Result, report.Sentence);
}
