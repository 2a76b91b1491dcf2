using System.Text;
using System.Text.Json;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Records;
using Xunit;

namespace OsModa.Tests.Ledger.Bundles;

/// <summary>What <c>verify.html</c> says of a file: its own script, run by node.</summary>
public sealed class VerifyPageTests
{
    private const string Driver =
        """
        import { readFileSync } from "node:fs";
        import { runInThisContext } from "node:vm";
        const { folder, key } = JSON.parse(process.env.GIVEN);
        const parts = {};
        globalThis.document = {
          getElementById: id => parts[id] ??= { value: "", dataset: {}, setAttribute() { }, replaceChildren(...list) { this.list = list.map(one => one.textContent); }, addEventListener(_, listener) { this.submit = listener; } },
          createElement: () => ({}),
        };
        runInThisContext(readFileSync(`${folder}/page.js`, "utf8"));
        document.getElementById("file").files = [new Blob([readFileSync(`${folder}/export.zip`)])];
        document.getElementById("key").value = key;
        await parts.form.submit({ preventDefault() { } });
        console.log(JSON.stringify({ result: parts.result.dataset.result, sentence: parts.verdict.textContent, told: parts.checked.list }));
        """;

    [Fact]
    public async Task It_says_what_the_command_says()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var good = TestBundle.Make(ledger, new BundleRequest { Previous = 3, Proofs = [4] });

        var said = Open(good, $"{ledger.Key}");
        var unknown = Open(good, "");

        Assert.Equal(("ok", "All 6 entries are as they were signed."), (said.Result, said.Sentence));
        Assert.Contains("3 entries are of the own chains of one server, and those chains are whole.", said.Told);
        Assert.Equal("policy", unknown.Result);
    }

    [Fact]
    public async Task Of_the_entries_about_one_server_it_misses_one_between_two_others()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        var good = TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Server });
        var without = TestBundle.Forge(good, static (name, data) => name == "proofs/1.tlog-proof" ? null : data, static manifest => manifest with { Proofs = 2 });

        var (whole, torn) = (Open(good, $"{ledger.Key}"), Open(without, $"{ledger.Key}"));

        Assert.Equal(("ok", "All 3 entries in the file stand in the log as it was signed at 6 entries."), (whole.Result, whole.Sentence));
        Assert.Contains(whole.Told, static told => told.StartsWith("3 entries are of the own chains of one server, and those chains are whole. That none", StringComparison.Ordinal));
        Assert.Equal("ok", torn.Result);
        Assert.Contains("A server's own chain is broken at entry 2. An event before that was left out of the file, or the server broke its chain.", torn.Told);
        Assert.DoesNotContain(Open(TestBundle.Make(ledger, new BundleRequest { Source = TestLedger.Ours }), $"{ledger.Key}").Told, static told => told.Contains("own chain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_text_that_was_taken_out_after_its_log_had_ended_it_says_where_that_is_told()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();
        await ledger.Store.BeginEpochAsync(TestLedger.Ours, new ActionBody { Verb = "", Who = "Ann", Why = "moved" }, ledger.Clock.GetUtcNow());
        var owner = new Caller(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Owner);
        Assert.Null(await new RedactEntry(ledger.Store, ledger.Clock).RunAsync(owner, 3, "asked for it", 1));
        await ledger.SignAsync();
        var (key, whole, single) = (ledger.Queries.State(TestLedger.Ours, 1)!.Key!, TestBundle.Make(ledger, new BundleRequest { Epoch = 1 }), TestBundle.Make(ledger, new BundleRequest { Epoch = 1, Source = TestLedger.Ours }));

        foreach (var file in new[] { whole, single })
        {
            var said = Open(file, $"{key}");
            Assert.Equal("policy", said.Result);
            Assert.EndsWith("/2 entry 1, which is not in the file. Check an export of that log too.", said.Sentence, StringComparison.Ordinal);
            Assert.Equal("content", Open(TestBundle.Forge(file, static (name, data) => name == "redactions.txt" ? null : data), $"{key}").Result);
        }

        Assert.Equal("ok", Open(TestBundle.Make(ledger), $"{ledger.Key}").Result);
    }

    [Fact]
    public async Task A_range_that_claims_to_be_about_one_server_is_no_export()
    {
        await using var ledger = await TestBundle.SmallLedgerAsync();

        Assert.Equal("malformed", Open(TestBundle.Forge(TestBundle.Make(ledger), static (_, data) => data, static manifest => manifest with { Source = TestLedger.Server }), $"{ledger.Key}").Result);
    }

    internal static Said Open(byte[] bundle, string key)
    {
        var folder = Directory.CreateTempSubdirectory("osmoda-verify-");
        try
        {
            var page = Encoding.UTF8.GetString(VerifyPage.Html);
            File.WriteAllText(Path.Combine(folder.FullName, "page.js"), page.Split("<script>")[1].Split("</script>")[0]);
            File.WriteAllBytes(Path.Combine(folder.FullName, "export.zip"), bundle);
            return JsonSerializer.Deserialize<Said>(Assert.Single(NodeScript.Run(Driver, new { folder = folder.FullName, key })), JsonSerializerOptions.Web)!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal sealed record Said(string Result, string Sentence, IReadOnlyList<string> Told);
}
