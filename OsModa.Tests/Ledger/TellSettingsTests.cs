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
        Assert.Equal(("set", "set"), (told[0].Details["backupFolder"], told[0].Details["guardFolder"]));
        Assert.DoesNotContain(told, static action => action.Details.Values.Any(static value => value.Contains('/', StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_puts_times_under_it_is_told_without_what_may_be_secret_in_the_address()
    {
        await using var ledger = new TestLedger();
        await ledger.ActAsync(1);
        var timestamps = TimestampSettings.Parse("https://tsa.example/path?token=secret", "The authority", null, null);

        await new TellSettings(ledger.Store, ledger.Queries, ledger.Writer, ledger.Settings, WitnessSettings.None, timestamps, NullLogger<TellSettings>.Instance).RunAsync();

        Assert.Equal("https://tsa.example/path The authority", Assert.Single(Told(ledger, TestLedger.Ours)).Action!.Details["timestamps"]);
    }

    [Fact]
    public async Task Paths_and_names_that_an_entry_from_before_has_are_not_told_again()
    {
        await using var ledger = new TestLedger();
        var before = LedgerVerbs.Details(("host", TestLedger.Host), ("guardFolder", "/secret/guard"), ("backupFolder", "/secret/backups"), ("witnessFor", "other.example+1"), ("source", "settings of the dashboard"));
        await ledger.Writer.NoticeAsync(LedgerActor.Dashboard(TestLedger.Ours), TellSettings.Verb, "", details: before);

        await New(ledger, ledger.Settings with { BackupFolder = "/other" }).RunAsync();

        var told = Told(ledger, TestLedger.Ours)[0].Action!;
        Assert.Equal("Changed since the last start: witnessFor.", told.Text);
        Assert.Equal("set", told.Details["witnessFor.was"]);
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

    private static TellSettings New(TestLedger ledger, LedgerSettings settings) => new(ledger.Store, ledger.Queries, ledger.Writer, settings, WitnessSettings.None, TimestampSettings.None, NullLogger<TellSettings>.Instance);
}
