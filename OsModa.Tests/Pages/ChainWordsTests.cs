using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
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
}
