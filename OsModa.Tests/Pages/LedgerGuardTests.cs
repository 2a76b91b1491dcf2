using Bunit;
using OsModa.Dashboard.Pages.Audit;
using Xunit;

namespace OsModa.Tests.Pages;

/// <summary>What is said of a ledger whose newest signed heads are where its database is.</summary>
public sealed class LedgerGuardTests : PageRoom
{
    protected override bool IsGuardWithin => true;

    [Fact]
    public async Task A_guard_that_would_be_restored_with_the_data_folder_is_warned_of_and_nothing_else_is_claimed()
    {
        await AddServerAsync("web1");

        var page = Render<OrganisationPage>();

        page.WaitForAssertion(() => Assert.Contains("A restored backup of the data folder would not be noticed here.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("one of the whole data folder is not.", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("so that a restored backup is noticed", page.Markup, StringComparison.Ordinal);
    }
}
