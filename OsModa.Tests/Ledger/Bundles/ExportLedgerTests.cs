using Microsoft.Data.Sqlite;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger.Bundles;

public sealed class ExportLedgerTests
{
    [Fact]
    public async Task An_export_that_breaks_before_its_first_byte_has_an_outcome_and_leaves_nothing_open()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        ledger.Tamper("DROP TABLE checkpoint");
        var exports = new ExportLedger(ledger.Store, ledger.Writer, WitnessSettings.None);

        await Assert.ThrowsAsync<SqliteException>(() => exports.BundleAsync(new Caller(Guid.NewGuid(), "Ann", TestLedger.Ours, Role.Viewer), new BundleRequest(), null, TestContext.Current.CancellationToken));

        Assert.Equal(["unknown", ""], ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = ExportLedger.Verb }).Lines.Select(static line => line.Action!.Outcome));
        await ledger.Store.PurgeAsync();     // is refused while somebody reads
    }
}
