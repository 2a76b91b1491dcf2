using System.IO.Compression;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Tests.Ledger.Bundles;

/// <summary>Bundles of a test's ledger: made, taken apart, put together again, checked.</summary>
internal static class TestBundle
{
    /// <summary>Three events of a server, two actions and a long text, under one head.</summary>
    public static async Task<TestLedger> SmallLedgerAsync()
    {
        var ledger = new TestLedger();
        await ledger.Store.AppendAsync(TestLedger.Ours, [.. TestLedger.Chain(3).Select(row => NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow()))], default);
        await ledger.SignAsync();
        await ledger.ActAsync(2);
        await ledger.Store.AppendAsync(
            TestLedger.Ours, [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = "long", Text = new string('x', 70_000) }, TestLedger.Ours, ledger.Clock.GetUtcNow())], default);
        await ledger.SignAsync();
        return ledger;
    }

    public static byte[] Make(TestLedger ledger, BundleRequest? request = null, params VerifierKey[] witnesses)
    {
        using var reader = ledger.Store.Open(TestLedger.Ours, request?.Epoch)!;
        var (plan, refused) = BundlePlan.Of(reader, request ?? new BundleRequest());
        Xunit.Assert.Null(refused);
        using var file = new MemoryStream();
        using (var writer = new BundleWriter(reader, ledger.Store.CurrentKey(reader), witnesses, plan!, file))
        {
            writer.Write(default);
        }

        return file.ToArray();
    }

    /// <summary>What a reader says to it who has the right key, unless others are given.</summary>
    public static CheckReport Check(byte[] bundle, params VerifierKey[] keys) => Check(bundle, new LogTrust([.. keys]));

    public static CheckReport Check(byte[] bundle, LogTrust trust)
    {
        try
        {
            using var file = BundleFile.Open(new MemoryStream(bundle));
            return BundleCheck.Run(file, trust);
        }
        catch (LedgerDamagedException e)
        {
            return new CheckReport(CheckResult.Malformed, e.Message, null, 0, 0, 0, []);
        }
    }

    public static IReadOnlyList<(string Name, byte[] Data)> Members(byte[] bundle)
    {
        using var zip = new ZipArchive(new MemoryStream(bundle));
        return [.. zip.Entries.Select(entry => (entry.FullName, Read(entry)))];
    }

    /// <summary>The same with members changed, and a manifest that fits them: what a forger would make.</summary>
    public static byte[] Forge(byte[] bundle, Func<string, byte[], byte[]?> change, Func<BundleManifest, BundleManifest>? manifest = null)
    {
        using var file = new MemoryStream();
        using (var zip = new BundleZip(file))
        {
            BundleManifest? old = null;
            foreach (var (name, data) in Members(bundle))
            {
                if (name == BundleMembers.Manifest)
                {
                    Xunit.Assert.True(BundleManifest.TryParse(data, out old));
                }
                else if (change(name, data) is { } changed)
                {
                    zip.Add(name, changed);
                }
            }

            var fitting = old! with { Members = zip.Members };
            zip.Add(BundleMembers.Manifest, (manifest?.Invoke(fitting) ?? fitting).ToCanonicalJson());
        }

        return file.ToArray();
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var from = entry.Open();
        using var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }
}
