using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Dashboard.Pages.Audit;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class ChainWordsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ChainStatus.Verified, null, true, "verifies")]
    [InlineData(ChainStatus.Verified, 4, true, "verifies")]
    [InlineData(ChainStatus.Verified, 5, true, "not read for 5 min")]
    [InlineData(ChainStatus.Verified, 150, true, "not read for 2 h")]
    [InlineData(ChainStatus.Verified, 5_000, true, "not read for 3 d")]
    [InlineData(ChainStatus.Verified, null, false, "not read lately")]
    [InlineData(ChainStatus.Rewritten, 60, true, "rewritten")]
    public void A_chain_that_cannot_be_read_for_minutes_is_grey_with_its_age_unless_there_is_something_worse(ChainStatus status, int? minutes, bool isLive, string word)
    {
        var standing = new ChainStanding(status, null, "", Noon) { FailingSince = minutes is null ? null : Noon - TimeSpan.FromMinutes(minutes.Value) };

        Assert.Equal(word, ChainWords.Look(standing, isLive, Noon).Word);
    }

    [Theory]
    [InlineData(3, 0, false, "All that was looked at stands in it: 3 switches and uses of sudo that its journal tells of.")]
    [InlineData(0, 1, false, "All that was looked at stands in it: 1 call of a tool that its teachd tells of. Calls that only read, or that need not leave an event, are not counted.")]
    [InlineData(1, 12, true, "Its own ledger does not tell of them. Looked at: 1 switch or use of sudo that its journal tells of and 12 calls of tools that its teachd tells of. Calls that only read, or that need not leave an event, are not counted.")]
    public void Who_was_asked_besides_the_chain_is_said_with_how_much_was_looked_at(int journal, int calls, bool isMissing, string sentence)
    {
        var line = new LedgerLine(1, RecordKind.Notice, Guid.Empty, null, Noon, HostVerbs.Tool, "agent", EventFlags.None);

        Assert.Equal(sentence, ChainWords.Covered(new CoverageReport(journal, calls, isMissing ? [line] : [])));
    }
}
