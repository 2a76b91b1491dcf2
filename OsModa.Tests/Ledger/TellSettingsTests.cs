using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger;

public sealed class TellSettingsTests
{
    [Fact]
    public async Task Settings_of_the_ledger_that_are_others_than_at_the_last_start_are_told_once_with_what_they_were()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(1);
        await ledger.ActAsync(1, TestLedger.Theirs);
        await New(ledger, ledger.Settings).RunAsync();
        await New(ledger, ledger.Settings).RunAsync();
        Assert.Equal("These settings the ledger is kept by.", Assert.Single(Told(ledger, TestLedger.Ours)).Action!.Text);
        Assert.Single(Told(ledger, TestLedger.Theirs));

        await New(ledger, ledger.Settings with { KeepFor = TimeSpan.FromDays(30) }).RunAsync();
        await New(ledger, ledger.Settings with { KeepFor = TimeSpan.FromDays(30) }).RunAsync();
        await New(ledger, ledger.Settings with { KeepFor = TimeSpan.FromDays(60), BackupFolder = "/backups" }).RunAsync();

        var told = Told(ledger, TestLedger.Ours).Select(line => line.Action!).ToList();
        Assert.Equal(["Changed since the last start: backupFolder, keepDays.", "Changed since the last start: keepDays.", "These settings the ledger is kept by."], told.Select(action => action.Text));
        Assert.Equal(("60", "30", "none"), (told[0].Details["keepDays"], told[0].Details["keepDays.was"], told[0].Details["backupFolder.was"]));
        Assert.Equal("osModa Dashboard", told[0].Who);
    }

    [Fact]
    public async Task An_event_of_a_server_that_is_called_like_a_change_of_settings_is_not_taken_for_one()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(1);
        await New(ledger, ledger.Settings).RunAsync();
        var e = new UpstreamEvent(1, "2026-01-15T11:59:00.000Z", TellSettings.Verb, "agentd", "{}", TreeHash.Zero);
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(new ChainRow(e, e.Hash(ChainFormat.Piped)), ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow())], default);

        await New(ledger, ledger.Settings).RunAsync();

        Assert.Equal(["agentd", "osModa Dashboard"], Told(ledger, TestLedger.Ours).Select(static line => line.Actor));
    }

    private static IReadOnlyList<LedgerLine> Told(TestLedger ledger, Guid tenant) => ledger.Queries.Page(tenant, new LedgerFilter { Type = TellSettings.Verb }).Lines;

    private static TellSettings New(TestLedger ledger, LedgerSettings settings) => new(ledger.Store, ledger.Queries, ledger.Writer, settings, WitnessSettings.None, NullLogger<TellSettings>.Instance);
}
