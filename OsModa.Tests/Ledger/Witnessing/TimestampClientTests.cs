using Microsoft.AspNetCore.Http;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>Heads that are time-stamped over real HTTP: when, on whose behalf, and what is done when nobody answers.</summary>
public sealed class TimestampClientTests : StampingTests
{
    [Fact]
    public async Task The_newest_signed_state_isStamped_once_a_day_as_long_as_the_ledger_grows_and_an_entry_says_so()
    {
        await Stamped.Client.StampDueAsync(Stop);
        await Ledger.SignAsync();
        await Stamped.Client.StampDueAsync(Stop);

        var first = Stamped.State!;
        Assert.Equal(("The authority", 3, Ledger.Clock.GetUtcNow(), true), (first.Authority, first.Size, first.At, first.Holds));
        var told = Assert.Single(Told());
        Assert.Equal("The authority put the time 2026-01-15 12:00:00Z under the signed state of 3 entries.", told.Action!.Text);
        Assert.Equal(1, Authority.Asked);

        Ledger.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        await Stamped.Client.StampDueAsync(Stop);
        Assert.Equal(1, Authority.Asked);
        Ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        await Stamped.Client.StampDueAsync(Stop);

        Assert.Equal((4, Ledger.Clock.GetUtcNow()), (Stamped.State!.Size, Stamped.State.At));
        var report = Ledger.Check();
        Assert.Equal((CheckResult.Ok, 4L, TestAuthority.Name, null, 2L), (report.Result, report.Stamp!.Size, report.Stamp.Signer, report.Stamp.IsTrusted, report.Stamp.Count));
    }

    [Fact]
    public async Task Without_an_authority_nothing_is_asked_and_nothing_is_said()
    {
        Stamped.Use(TimestampSettings.None);

        await Stamped.Client.RunAsync(Stop);

        Assert.Null(Stamped.State);
        Assert.Contains("Ledger:Timestamps:Url", await Stamped.Client.StampAsync(TestLedger.Ours, Stop), StringComparison.Ordinal);
        Assert.Equal(0, Authority.Asked);
    }

    [Fact]
    public async Task One_that_fails_is_asked_again_more_and_more_seldom_until_it_answers()
    {
        Authority.Instead = static context => Task.FromResult(context.Response.StatusCode = StatusCodes.Status500InternalServerError);
        var asked = new List<int>();
        for (var minute = 0; minute < 8; minute++)
        {
            await Stamped.Client.StampDueAsync(Stop);
            asked.Add(Authority.Asked);
            Ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([1, 2, 2, 3, 3, 3, 3, 4], asked);
        Authority.Instead = null;
        Ledger.Clock.Advance(TimeSpan.FromMinutes(10));
        await Stamped.Client.StampDueAsync(Stop);
        Assert.Equal((3, null), (Stamped.State!.Size, Stamped.State.Trouble));
    }

    [Fact]
    public async Task One_that_does_not_answer_holds_nothing_up_for_longer_than_it_may()
    {
        var arrived = new TaskCompletionSource();
        Authority.Instead = context =>
        {
            var gone = new TaskCompletionSource();
            context.RequestAborted.Register(gone.SetResult);
            arrived.SetResult();
            return gone.Task;
        };
        var asking = Stamped.Client.StampAsync(TestLedger.Ours, Stop);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        Ledger.Clock.Advance(TimestampAuthority.Patience);

        Assert.Equal("It did not answer within 20 seconds.", await asking);
        Stamped.Use(Stamped.Settings with { Url = new Uri("http://127.0.0.1:9/") });
        Assert.Equal("It cannot be reached.", await Stamped.Client.StampAsync(TestLedger.Ours, Stop));
    }

    [Fact]
    public async Task An_owner_has_itStamped_at_once_between_an_intent_and_an_outcome_and_others_do_not()
    {
        var stamp = new StampLedger(Ledger.Writer, Stamped.Client);
        var owner = new Caller(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Owner);

        Assert.Equal("Only an owner can have the ledger time-stamped.", await stamp.RunAsync(owner with { Role = Role.Operator }, Stop));
        Assert.Null(await stamp.RunAsync(owner, Stop));
        Assert.Equal(TimestampClient.StampedAlready, await stamp.RunAsync(owner, Stop));

        Assert.Equal(["failed", "", "done", ""], Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = StampLedger.Verb }).Lines.Where(static line => line.Type == StampLedger.Verb).Select(static line => line.Action!.Outcome));
        Assert.Single(Told());
    }

    private IReadOnlyList<LedgerLine> Told() => Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = TimestampClient.Stamped }).Lines;
}
