using Microsoft.AspNetCore.Http;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>Heads that are time-stamped over real HTTP: when, by whom, and what is not taken for a time stamp.</summary>
public sealed class TimestampClientTests : IAsyncLifetime
{
    private StampedLedger _stamped = null!;

    private TestLedger Ledger => _stamped.Ledger;

    private TestAuthority Authority => _stamped.Authority;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stamped = await StampedLedger.StartAsync();

    public ValueTask DisposeAsync() => _stamped.DisposeAsync();

    [Fact]
    public async Task The_newest_signed_state_is_stamped_once_a_day_as_long_as_the_ledger_grows_and_an_entry_says_so()
    {
        await _stamped.Client.StampDueAsync(Stop);
        await Ledger.SignAsync();
        await _stamped.Client.StampDueAsync(Stop);

        var first = _stamped.State!;
        Assert.Equal(("The authority", 3, Ledger.Clock.GetUtcNow(), true), (first.Authority, first.Size, first.At, first.Holds));
        var told = Assert.Single(Told());
        Assert.Equal("The authority put the time 2026-01-15 12:00:00Z under the signed state of 3 entries.", told.Action!.Text);
        Assert.Equal(1, Authority.Asked);

        Ledger.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        await _stamped.Client.StampDueAsync(Stop);
        Assert.Equal(1, Authority.Asked);
        Ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        await _stamped.Client.StampDueAsync(Stop);

        Assert.Equal((4, Ledger.Clock.GetUtcNow()), (_stamped.State!.Size, _stamped.State.At));
        var report = Ledger.Check();
        Assert.Equal((CheckResult.Ok, 4L, TestAuthority.Name, null, 2L), (report.Result, report.Stamp!.Size, report.Stamp.Signer, report.Stamp.IsTrusted, report.Stamp.Count));
    }

    [Fact]
    public async Task Without_an_authority_nothing_is_asked_and_nothing_is_said()
    {
        _stamped.Use(TimestampSettings.None);

        await _stamped.Client.RunAsync(Stop);

        Assert.Null(_stamped.State);
        Assert.Contains("Ledger:Timestamps:Url", await _stamped.Client.StampAsync(TestLedger.Ours, Stop), StringComparison.Ordinal);
        Assert.Equal(0, Authority.Asked);
    }

    [Theory]
    [InlineData("imprint", "It stamps something else than this.")]
    [InlineData("nonce", "It answered another question than was asked.")]
    [InlineData("no nonce", "It answered another question than was asked.")]
    [InlineData("refused", "It refused: status 2 (“no such policy”).")]
    [InlineData("nothing", "Its answer is none of RFC 3161.")]
    [InlineData("large", "Its answer has more than 64 KiB.")]
    [InlineData("purpose", "It is signed with a certificate that is not for time stamps alone.")]
    [InlineData("no purpose", "It is signed with a certificate that is not for time stamps alone.")]
    [InlineData("uncritical", "It is signed with a certificate that is not for time stamps alone.")]
    [InlineData("expired", "It is signed with a certificate that was not valid at that time.")]
    [InlineData("signature", "Its signature is not right.")]
    [InlineData("early", "which is before the ledger was signed. One of the two clocks is wrong.")]
    [InlineData("late", "which is still to come here. One of the two clocks is wrong.")]
    [InlineData("error", "It answered with status 503.")]
    [InlineData("redirect", "It answered with status 302.")]
    public async Task What_is_no_time_stamp_of_the_state_is_not_kept_and_the_reason_is_told(string fault, string why)
    {
        Make(fault);

        var said = await _stamped.Client.StampAsync(TestLedger.Ours, Stop);

        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.Equal((0L, said), (_stamped.State!.Size, _stamped.State.Trouble));
        Assert.Empty(Told());
        Assert.Equal(0, Ledger.Ask<long>("SELECT count(*) FROM anchor"));
    }

    [Fact]
    public async Task An_authority_that_leads_to_another_root_is_not_believed()
    {
        await using var other = new TestAuthority(Ledger.Clock);
        _stamped.Use(_stamped.Settings with { Roots = other.Roots });

        Assert.StartsWith("It is not believed. Its certificate does not lead to one of those that are trusted for it", await _stamped.Client.StampAsync(TestLedger.Ours, Stop), StringComparison.Ordinal);
        _stamped.Use(_stamped.Settings with { Roots = TimestampRoots.OfSystem });
        Assert.StartsWith("It is not believed. Its certificate does not lead to one that this machine trusts", await _stamped.Client.StampAsync(TestLedger.Ours, Stop), StringComparison.Ordinal);

        Assert.Equal(0, Ledger.Ask<long>("SELECT count(*) FROM anchor"));
    }

    [Fact]
    public async Task One_that_fails_is_asked_again_more_and_more_seldom_until_it_answers()
    {
        Authority.Instead = static context => Task.FromResult(context.Response.StatusCode = StatusCodes.Status500InternalServerError);
        var asked = new List<int>();
        for (var minute = 0; minute < 8; minute++)
        {
            await _stamped.Client.StampDueAsync(Stop);
            asked.Add(Authority.Asked);
            Ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([1, 2, 2, 3, 3, 3, 3, 4], asked);
        Authority.Instead = null;
        Ledger.Clock.Advance(TimeSpan.FromMinutes(10));
        await _stamped.Client.StampDueAsync(Stop);
        Assert.Equal((3, null), (_stamped.State!.Size, _stamped.State.Trouble));
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
        var asking = _stamped.Client.StampAsync(TestLedger.Ours, Stop);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        Ledger.Clock.Advance(TimestampAuthority.Patience);

        Assert.Equal("It did not answer within 20 seconds.", await asking);
        _stamped.Use(_stamped.Settings with { Url = new Uri("http://127.0.0.1:9/") });
        Assert.Equal("It cannot be reached.", await _stamped.Client.StampAsync(TestLedger.Ours, Stop));
    }

    [Fact]
    public async Task An_owner_has_it_stamped_at_once_between_an_intent_and_an_outcome_and_others_do_not()
    {
        var stamp = new StampLedger(Ledger.Writer, _stamped.Client);
        var owner = new Caller(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Owner);

        Assert.Equal("Only an owner can have the ledger time-stamped.", await stamp.RunAsync(owner with { Role = Role.Operator }, Stop));
        Assert.Null(await stamp.RunAsync(owner, Stop));
        Assert.Equal(TimestampClient.StampedAlready, await stamp.RunAsync(owner, Stop));

        Assert.Equal(["failed", "", "done", ""], Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = StampLedger.Verb }).Lines.Where(static line => line.Type == StampLedger.Verb).Select(static line => line.Action!.Outcome));
        Assert.Single(Told());
    }

    private IReadOnlyList<LedgerLine> Told() => Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = TimestampClient.Stamped }).Lines;

    private void Make(string fault)
    {
        var token = Authority.Answer;
        Authority.Answer = fault switch
        {
            "imprint" => asked => TestAuthority.Granted(Authority.Token(new byte[32], asked.GetNonce()!.Value.ToArray())),
            "nonce" => asked => TestAuthority.Granted(Authority.Token(asked.GetMessageHash().ToArray(), [1, 2, 3])),
            "no nonce" => asked => TestAuthority.Granted(Authority.Token(asked.GetMessageHash().ToArray(), null)),
            "refused" => static _ => TestAuthority.Refused(2, "\u001b[31mno such policy"),
            "nothing" => static _ => "<html>Sign in to the network</html>"u8.ToArray(),
            "large" => static _ => new byte[TimestampCheck.MostBytes + 1],
            "signature" => asked => Flipped(token(asked)),
            _ => token,
        };
        Authority.Certificate = fault switch
        {
            "purpose" => Authority.Issue("1.3.6.1.5.5.7.3.3"),
            "no purpose" => Authority.Issue(""),
            "uncritical" => Authority.Issue("1.3.6.1.5.5.7.3.8", isCritical: false),
            "expired" => Authority.Issue("1.3.6.1.5.5.7.3.8", ends: Ledger.Clock.GetUtcNow() - TimeSpan.FromDays(1)),
            _ => Authority.Certificate,
        };
        var clock = Ledger.Clock;
        Authority.At = fault switch
        {
            "early" => () => clock.GetUtcNow() - TimestampClient.Tolerance - TimeSpan.FromSeconds(1),
            "late" => () => clock.GetUtcNow() + TimestampClient.Tolerance + TimeSpan.FromSeconds(1),
            _ => Authority.At,
        };
        Authority.Instead = fault switch
        {
            "error" => static context => Task.FromResult(context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable),
            "redirect" => static context => Task.Run(() => context.Response.Redirect("/elsewhere")),
            _ => null,
        };
    }

    // The last byte is of the signature.
    private static byte[] Flipped(byte[] answer)
    {
        answer[^1] ^= 1;
        return answer;
    }
}
