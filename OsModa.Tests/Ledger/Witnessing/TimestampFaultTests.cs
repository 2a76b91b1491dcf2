using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Witnessing;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>What an authority may answer that is not taken for a time stamp.</summary>
public sealed class TimestampFaultTests : StampingTests
{
    [Theory]
    [InlineData("imprint", "It stamps something else than this.")]
    [InlineData("nonce", "It answered another question than was asked.")]
    [InlineData("no nonce", "It answered another question than was asked.")]
    [InlineData("refused", "It refused: status 2 (“no such policy”).")]
    [InlineData("nothing", "Its answer is none of RFC 3161.")]
    [InlineData("no token", "What it answered does not verify. It is no time stamp of RFC 3161.")]
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

        var said = await Stamped.Client.StampAsync(TestLedger.Ours, Stop);

        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.Equal((0L, said), (Stamped.State!.Size, Stamped.State.Trouble));
        Assert.Empty(Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = TimestampClient.Stamped }).Lines);
        Assert.Equal(0, Ledger.Ask<long>("SELECT count(*) FROM anchor"));
    }

    [Fact]
    public async Task An_authority_that_leads_to_another_root_is_not_believed()
    {
        await using var other = new TestAuthority(Ledger.Clock);
        Stamped.Use(Stamped.Settings with { Roots = other.Roots });

        Assert.StartsWith("It is not believed. Its certificate does not lead to one of those that are trusted for it", await Stamped.Client.StampAsync(TestLedger.Ours, Stop), StringComparison.Ordinal);
        Stamped.Use(Stamped.Settings with { Roots = TimestampRoots.OfSystem });
        Assert.StartsWith("It is not believed. Its certificate does not lead to one that this machine trusts", await Stamped.Client.StampAsync(TestLedger.Ours, Stop), StringComparison.Ordinal);

        Assert.Equal(0, Ledger.Ask<long>("SELECT count(*) FROM anchor"));
    }

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
            "no token" => asked => TestAuthority.Granted(NoToken(asked)),
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

    // A signed message of the right form, of something else than a time stamp.
    private static byte[] NoToken(Rfc3161TimestampRequest asked)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var signed = new SignedCms(new ContentInfo(new Oid("1.2.3.4"), asked.Encode()));
        signed.ComputeSignature(new CmsSigner(certificate));
        return signed.Encode();
    }

    // The last byte is of the signature.
    private static byte[] Flipped(byte[] answer)
    {
        answer[^1] ^= 1;
        return answer;
    }
}
