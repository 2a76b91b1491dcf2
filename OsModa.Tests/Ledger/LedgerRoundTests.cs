using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger;

public sealed class LedgerRoundTests
{
    [Fact]
    public async Task A_ledger_of_which_it_cannot_be_read_which_logs_it_has_ends_none_of_the_rounds_over_them()
    {
        await using var ledger = new TestLedger();
        using var http = new HttpClient();
        var stop = TestContext.Current.CancellationToken;
        await ledger.ActAsync(3);
        ledger.Tamper("ALTER TABLE log RENAME TO away");
        Assert.ThrowsAny<Exception>(ledger.Store.Logs);

        await ledger.Publisher.PublishAsync(stop);
        await new Retention(ledger.Store, ledger.Settings, ledger.Clock, NullLogger<Retention>.Instance).DropAsync(stop);
        await new WitnessClient(ledger.Store, ledger.Publisher, WitnessSettings.None, ledger.Writer, http, ledger.Clock, NullLogger<WitnessClient>.Instance).SendAsync(stop);
        await new TellSettings(ledger.Store, ledger.Queries, ledger.Writer, ledger.Settings, WitnessSettings.None, TimestampSettings.None, NullLogger<TellSettings>.Instance).RunAsync();

        ledger.Tamper("ALTER TABLE away RENAME TO log");
        await ledger.Publisher.PublishAsync(stop);
        Assert.Equal([3], ledger.Queries.Heads(TestLedger.Ours).Select(static head => head.Size));
    }
}
