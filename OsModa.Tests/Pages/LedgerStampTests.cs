using Bunit;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Dashboard.Pages.Audit;
using Xunit;

namespace OsModa.Tests.Pages;

/// <summary>What is said of the authority that puts times under the ledger, and how an owner asks it.</summary>
public sealed class LedgerStampTests : PageRoom
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static TimestampState Good { get; } = new("The authority", 40, At, null) { IsWanted = true, Every = TimeSpan.FromDays(1) };

    [Fact]
    public void Without_an_authority_it_says_how_to_have_one()
    {
        var page = Show(null);

        Assert.Contains("Ledger:Timestamps", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button"));
    }

    [Fact]
    public void The_newest_stamp_and_what_is_the_matter_are_told()
    {
        Assert.Contains("The authority stamped the state of 40 entries", Said(Show(Good)), StringComparison.Ordinal);
        Assert.Contains("The authority has stamped nothing yet. The last attempt came to nothing. It cannot be reached. It is tried again.", Said(Show(Good with { Size = 0, At = null, Trouble = "It cannot be reached." })), StringComparison.Ordinal);
        Assert.NotEmpty(Show(Good with { Wrong = "Its signature is not right." }).FindAll(".broken"));
    }

    [Fact]
    public async Task An_owner_asks_it_at_once_and_is_told_what_came_of_it()
    {
        var page = Show(Good);

        await page.Find("button").ClickAsync(new());

        page.WaitForAssertion(() => Assert.Contains("No time-stamping authority is configured", page.Find("#stamp-answer").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_else_does()
    {
        Assert.Empty(Show(Good, Ann with { Role = Role.Operator }).FindAll("button"));
        Assert.Empty(Show(Good with { IsWanted = false }).FindAll("button"));
    }

    private static string Said(IRenderedComponent<LedgerStamp> page) => string.Join(' ', page.Find("p.hint").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private IRenderedComponent<LedgerStamp> Show(TimestampState? stamp, Caller? caller = null) => Render<LedgerStamp>(page => page.Add(p => p.Stamp, stamp).Add(p => p.Caller, caller ?? Ann));
}
