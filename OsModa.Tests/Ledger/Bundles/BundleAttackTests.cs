using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Bundles;

/// <summary>What somebody can do to a file on its way, and what is said then.</summary>
public sealed class BundleAttackTests
{
    [Fact]
    public async Task Every_byte_of_the_file_matters_or_belongs_to_no_content()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(2);
        await ledger.SignAsync();
        await ledger.ActAsync(1);
        await ledger.SignAsync();
        var (good, key) = (TestBundle.Make(ledger, new BundleRequest { Previous = 2, Proofs = [1] }), ledger.Key);
        var content = Content(good);
        // The two long texts at its beginning are one piece each: there every 32nd is enough.
        var evidence = good.AsSpan().IndexOf("checkpoint"u8);

        for (var i = 0; i < good.Length; i += i < evidence - 100 ? 32 : 1)
        {
            var bad = good.ToArray();
            bad[i] ^= (byte)(1 << (i % 8));
            if (TestBundle.Check(bad, key).Result == CheckResult.Ok)
            {
                Assert.Equal(content, Content(bad));
            }
        }

        Assert.Equal(CheckResult.Ok, TestBundle.Check(good, key).Result);
    }

    [Fact]
    public async Task Every_byte_of_the_evidence_matters_to_a_reader_even_when_the_manifest_was_made_to_fit()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var (good, key) = (TestBundle.Make(ledger, new BundleRequest { Previous = 3, Proofs = [4] }), ledger.Key);
        foreach (var (name, data) in TestBundle.Members(good).Where(member => member.Name is "checkpoint" or "previous-checkpoint" or "consistency.txt" || member.Name.StartsWith("tile/", StringComparison.Ordinal) || member.Name.StartsWith("proofs/", StringComparison.Ordinal)))
        {
            for (var i = 0; i < data.Length; i++)
            {
                var bad = data.ToArray();
                bad[i] ^= (byte)(1 << (i % 8));
                Assert.True(TestBundle.Check(TestBundle.Forge(good, (member, content) => member == name ? bad : content), key).Result != CheckResult.Ok, $"Byte {i} of {name}");
            }
        }
    }

    [Fact]
    public async Task An_edited_entry_is_named_although_the_manifest_fits()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(600);
        await ledger.SignAsync();

        var report = TestBundle.Check(TestBundle.Forge(TestBundle.Make(ledger), (name, data) => name == "tile/entries/001" ? Edited(data, "number 300", "number 3OO") : data), ledger.Key);

        Assert.Equal((CheckResult.ContentMismatch, "Does not verify at entry 300: it is not what was written.", (long?)300), (report.Result, report.Sentence, report.At));
    }

    [Theory]
    [InlineData("tile/entries/001", CheckResult.ContentMismatch, "Does not verify at entry 256: there is no whole record.")]
    [InlineData("tile/0/001", CheckResult.ContentMismatch, "Does not verify at entry 256: it is not what was written.")]
    [InlineData("tile/1/000.p/2", CheckResult.ContentMismatch, "Does not verify: the hashes of tile/1/000 are not those of the entries.")]
    [InlineData("checkpoint", CheckResult.ContentMismatch, "No head is in the file, so nothing in it is signed.")]
    [InlineData("events.csv", CheckResult.ContentMismatch, "The entries verify, but events.csv does not say the same as they do.")]
    [InlineData("proofs/7.tlog-proof", CheckResult.Malformed, "The file should have 1 single entries and has 0.")]
    [InlineData("consistency.txt", CheckResult.Malformed, "The earlier head in the file, or the proof that belongs to it, cannot be read.")]
    public async Task What_is_left_out_is_missed(string name, CheckResult result, string sentence)
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(5);
        await ledger.SignAsync();
        await ledger.ActAsync(595);
        await ledger.SignAsync();

        var report = TestBundle.Check(TestBundle.Forge(TestBundle.Make(ledger, new BundleRequest { Previous = 5, Proofs = [7] }), (member, data) => member == name ? null : data), ledger.Key);

        Assert.Equal((result, sentence), (report.Result, report.Sentence));
    }

    [Fact]
    public async Task A_table_that_says_something_else_than_the_entries_is_noticed_although_the_manifest_fits()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var good = TestBundle.Make(ledger);
        foreach (var name in new[] { "events.csv", "events.jsonl" })
        {
            var report = TestBundle.Check(TestBundle.Forge(good, (member, data) => member == name ? Edited(data, "number 3", "number 4") : data), ledger.Key);
            Assert.Equal((CheckResult.ContentMismatch, $"The entries verify, but {name} does not say the same as they do."), (report.Result, report.Sentence));
        }
    }

    [Theory]
    [InlineData("\"events\":3", "\"events\":2")]
    [InlineData("\"id\":1,", "\"id\":2,")]
    [InlineData("\"entry\":2,", "\"entry\":1,")]
    [InlineData("\"epoch\":1,", "\"epoch\":1,\"events\":9,")]
    [InlineData("[{", "[[{")]
    [InlineData("[{", "[{},{")]
    public async Task What_is_said_of_a_servers_chain_and_the_entries_do_not_say_is_noticed_although_the_manifest_fits(string was, string becomes)
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();

        var report = TestBundle.Check(TestBundle.Forge(TestBundle.Make(ledger), (member, data) => member == "chains.json" ? Replaced(data, was, becomes) : data), ledger.Key);

        Assert.Equal((CheckResult.ContentMismatch, "The entries verify, but chains.json does not say the same as they do."), (report.Result, report.Sentence));
    }

    [Fact]
    public async Task The_status_of_a_chain_and_the_id_of_an_event_without_its_text_are_the_word_of_whoever_made_the_file()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var owner = new Caller(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Owner);
        Assert.Null(await new RedactEntry(ledger.Store, ledger.Clock).RunAsync(owner, 2, "asked for it"));
        await ledger.SignAsync();
        var good = TestBundle.Make(ledger);

        Assert.Equal(CheckResult.Ok, TestBundle.Check(good, ledger.Key).Result);
        Assert.Equal(CheckResult.Ok, TestBundle.Check(TestBundle.Forge(good, (member, data) => member == "chains.json" ? Replaced(data, "\"Unknown\"", "\"Verified\"") : data), ledger.Key).Result);
        Assert.Equal(CheckResult.ContentMismatch, TestBundle.Check(TestBundle.Forge(good, (member, data) => member == "chains.json" ? null : data), ledger.Key).Result);
    }

    [Fact]
    public async Task A_history_signed_with_another_key_of_the_same_name_is_not_the_logs()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        await using var forged = await TestBundle.SmallLedgerAsync();

        var report = TestBundle.Check(TestBundle.Make(forged), ledger.Key);

        Assert.Equal((CheckResult.Signature, $"The head of 6 entries is not signed by {ledger.Key.Name}."), (report.Result, report.Sentence));
    }

    [Fact]
    public async Task A_cut_history_signed_with_the_stolen_key_does_not_continue_the_head_that_was_seen()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var seen = ledger.Queries.Heads(TestLedger.Ours)[0].Note!;
        await ledger.ActAsync(300);
        await ledger.SignAsync();
        var trust = new LogTrust([ledger.Key]) { Seen = [seen] };

        Assert.Equal(CheckResult.Ok, TestBundle.Check(TestBundle.Make(ledger), trust).Result);
        Assert.Equal(CheckResult.Ok, TestBundle.Check(TestBundle.Make(ledger, new BundleRequest { From = 300, Previous = 6 }), trust).Result);
        Assert.Equal(
            (CheckResult.Consistency, "The head of 6 entries that was seen before cannot be compared: the file has nothing of what comes before it. Export from an earlier entry."),
            Said(TestBundle.Check(TestBundle.Make(ledger, new BundleRequest { From = 300 }), trust)));
        Assert.Equal(
            (CheckResult.Consistency, "A head of 6 entries was seen before, but there are only 3: the newest are gone, or this is an older copy."),
            Said(TestBundle.Check(TestBundle.Make(ledger, new BundleRequest { Until = 2 }), trust)));
    }

    [Fact]
    public async Task A_proof_with_hashes_swapped_left_out_or_added_or_of_another_entry_is_refused()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var good = TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Server });
        Assert.True(LoggedProof.TryParse(TestBundle.Members(good).Single(member => member.Name == "proofs/1.tlog-proof").Data, out var proof));
        var node = Sha256.Node(Sha256.Leaf(proof.Extra!.Value.Span), proof.Hashes[0]);
        LoggedProof[] bad =
        [
            proof with { Hashes = [.. proof.Hashes.Reverse()] },
            proof with { Hashes = proof.Hashes[1..] },
            proof with { Hashes = [.. proof.Hashes, TreeHash.Zero] },
            proof with { Extra = node.ToArray() },    // a node is no entry
        ];
        foreach (var one in bad)
        {
            var report = TestBundle.Check(TestBundle.Forge(good, (name, data) => name == "proofs/1.tlog-proof" ? Encoding.UTF8.GetBytes(one.ToString()) : data), ledger.Key);
            Assert.Equal(1, report.At);
            Assert.NotEqual(CheckResult.Ok, report.Result);
        }
    }

    [Fact]
    public async Task Of_the_entries_about_one_server_none_can_be_left_out_between_two_others()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var good = TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Server });

        var without = TestBundle.Check(Without("proofs/1.tlog-proof"), ledger.Key);
        var last = TestBundle.Check(Without("proofs/2.tlog-proof"), ledger.Key);

        Assert.Equal((2L, (long?)2), (without.Chains.Single().Events, without.Chains.Single().FirstBroken));
        Assert.Equal((2L, (long?)null), (last.Chains.Single().Events, last.Chains.Single().FirstBroken));

        byte[] Without(string left) => TestBundle.Forge(good, (name, data) => name == left ? null : data, static manifest => manifest with { Proofs = 2 });
    }

    [Fact]
    public async Task Who_an_export_is_about_is_said_in_one_way_and_only_of_single_entries()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var (single, range) = (TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Server }), TestBundle.Make(ledger));

        Assert.Equal(CheckResult.Malformed, TestBundle.Check(TestBundle.Forge(range, static (_, data) => data, static manifest => manifest with { Source = TestLedger.Server }), ledger.Key).Result);
        var claims = TestBundle.Check(TestBundle.Forge(single, static (_, data) => data, static manifest => manifest with { Source = TestLedger.Ours }), ledger.Key);
        Assert.Equal(CheckResult.Ok, claims.Result);
        Assert.Empty(claims.Chains);    // of somebody whose events are not in it, nothing is said
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    public void A_name_that_leads_elsewhere_is_refused(string name) =>
        Assert.Equal("This is no export of a ledger: a file in it has a name that leads elsewhere.", TestBundle.Check(Zip((name, [1]))).Sentence);

    [Fact]
    public void What_no_export_has_is_refused_before_it_is_unpacked()
    {
        Assert.Equal("This is no export of a ledger: it is too short.", TestBundle.Check([]).Sentence);
        Assert.Equal("This is no export of a ledger: it does not end as a ZIP of ours does.", TestBundle.Check(new byte[100]).Sentence);
        Assert.Equal("This is no export of a ledger: x is in it twice.", TestBundle.Check(Zip(("x", [1]), ("x", [2]))).Sentence);
        Assert.Equal("This is no export of a ledger: unpacked, it would be larger than a bundle can be.", TestBundle.Check(Zip(("x", new byte[10_000_000]))).Sentence);
        Assert.Equal("This is no export of a ledger: it has more than 10000 files, or too long names.", TestBundle.Check(Zip([.. Enumerable.Range(0, 10_001).Select(i => ($"{i}", Array.Empty<byte>()))])).Sentence);
        Assert.Equal("This is no export of a ledger: its manifest.json is missing, or not as ours are.", TestBundle.Check(Zip(("x", [1]))).Sentence);

        var link = Zip(("x", [1]));
        BinaryPrimitives.WriteUInt32LittleEndian(link.AsSpan(link.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 38), 0xA1FF0000);
        Assert.Equal("This is no export of a ledger: x in it is encrypted, a link, or packed in a way that is not known here.", TestBundle.Check(link).Sentence);
    }

    [Fact]
    public async Task A_file_that_unpacks_to_more_than_it_says_is_not_read_beyond_that()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var bundle = TestBundle.Make(ledger);
        var directory = bundle.AsSpan().IndexOf("PK\u0001\u0002"u8);
        var at = directory + bundle.AsSpan(directory).IndexOf("tile/entries/000.p/6"u8) - 46;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bundle.AsSpan(at + 24));
        BinaryPrimitives.WriteUInt32LittleEndian(bundle.AsSpan(at + 24), size - 1);

        Assert.Equal((CheckResult.ContentMismatch, "Does not verify at entry 5: there is no whole record."), Said(TestBundle.Check(bundle, ledger.Key)));
    }

    [Fact]
    public async Task Random_damage_is_told_in_a_sentence_and_never_an_error_of_ours()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var (good, key, random) = (TestBundle.Make(ledger, new BundleRequest { Proofs = [0] }), ledger.Key, new Random(7));
        for (var turn = 0; turn < 500; turn++)
        {
            var bad = good.ToArray();
            for (var i = random.Next(1, 40); i > 0; i--)
            {
                bad[random.Next(2) == 0 ? random.Next(bad.Length) : bad.Length - 1 - random.Next(1500)] = (byte)random.Next(256);
            }

            var cut = bad[..(random.Next(3) == 0 ? random.Next(bad.Length) : bad.Length)];
            Assert.NotEmpty(TestBundle.Check(cut, key).Sentence);
        }
    }

    private static IEnumerable<string> Content(byte[] bundle) => TestBundle.Members(bundle).Select(member => $"{member.Name} {Sha256.Plain(member.Data)}");

    private static byte[] Zip(params (string Name, byte[] Data)[] members)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, data) in members)
            {
                using var member = zip.CreateEntry(name).Open();
                member.Write(data);
            }
        }

        return file.ToArray();
    }

    private static byte[] Edited(byte[] data, string from, string to)
    {
        var edited = data.ToArray();
        Encoding.UTF8.GetBytes(to).CopyTo(edited, edited.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from)));
        return edited;
    }

    private static byte[] Replaced(byte[] data, string from, string to) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data).Replace(from, to, StringComparison.Ordinal));

    private static (CheckResult Result, string Sentence) Said(CheckReport report) => (report.Result, report.Sentence);
}
