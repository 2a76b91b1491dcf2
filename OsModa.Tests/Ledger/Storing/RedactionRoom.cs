using System.Text;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Tests.Ledger.Bundles;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>What tests of texts that are taken out have in common: entries of Eve, and an owner who takes one out.</summary>
public abstract class RedactionRoom
{
    private protected static Caller Owner { get; } = new(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Owner);

    private protected static Task<long[]> ActAsync(TestLedger ledger, int count) => ledger.Store.AppendAsync(
        TestLedger.Ours,
        [.. Enumerable.Range(0, count).Select(i => NewRecord.Of(RecordKind.Intent, new ActionBody { Verb = "test.act", Who = "Eve", Text = $"secret number {i} of Eve" }, TestLedger.Ours, ledger.Clock.GetUtcNow()))],
        default);

    private protected static Task<string?> RedactAsync(TestLedger ledger, long seq, uint? epoch = null) => new RedactEntry(ledger.Store, ledger.Clock).RunAsync(Owner, seq, "asked for it", epoch);

    private protected static bool Contains(TestLedger ledger, string text) =>
        new[] { "", "-wal" }.Select(ending => ledger.Settings.File + ending).Where(File.Exists).Any(path =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        });

    private protected static string Text(byte[] bundle, string name) => Encoding.UTF8.GetString(TestBundle.Members(bundle).Single(member => member.Name == name).Data);

    private protected static (CheckResult Result, string Sentence) Said(CheckReport report) => (report.Result, report.Sentence);
}
