using System.Text;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using Xunit;

namespace OsModa.Tests.Ledger.Notes;

public sealed class TrustPolicyTests : IDisposable
{
    private readonly SignerKey _log = SignerKey.Generate("ledger.example/test");
    private readonly SignerKey[] _witnesses = [.. new[] { "x1", "x2", "x3", "y1", "y2", "y3" }.Select(name => SignerKey.Generate($"witness.example/{name}"))];

    public void Dispose()
    {
        _log.Dispose();
        Array.ForEach(_witnesses, witness => witness.Dispose());
    }

    /// <summary>The example of C2SP tlog-policy: two of the X, one of the Y, both groups.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("01", false)]
    [InlineData("03", false)]
    [InlineData("345", false)]
    [InlineData("013", true)]
    [InlineData("025", true)]
    [InlineData("012345", true)]
    public void The_published_example_wants_two_of_three_and_one_of_three(string signing, bool enough)
    {
        var policy = Read(Example());
        var note = signing.Aggregate(Signed("ledger.example/test"), (note, i) => note.With(_witnesses[i - '0'].Cosign(note.Text, DateTimeOffset.UnixEpoch)));

        Assert.Equal(enough ? PolicyVerdict.Trusted : PolicyVerdict.NoQuorum, policy.Check(note));
    }

    [Fact]
    public void A_log_that_is_not_named_or_signs_for_another_is_not_believed()
    {
        var policy = Read($"log {_log.Verifier}\nquorum none\n");
        using var stranger = SignerKey.Generate("ledger.example/test");

        Assert.Equal(PolicyVerdict.Trusted, policy.Check(Signed("ledger.example/test")));
        Assert.Equal(PolicyVerdict.BadSignature, policy.Check(Signed("ledger.example/other")));
        Assert.Equal(PolicyVerdict.BadSignature, policy.Check(SignedNote.Sign(Signed("ledger.example/test").Text, stranger)));
        Assert.Equal(PolicyVerdict.BadSignature, policy.Check(SignedNote.Sign("no checkpoint\n", _log)));
    }

    [Fact]
    public void A_cosignature_with_another_time_than_was_signed_spoils_the_note()
    {
        var policy = Read(Example());
        var note = Signed("ledger.example/test");
        var line = _witnesses[0].Cosign(note.Text, DateTimeOffset.UnixEpoch);
        var bytes = line.Bytes.ToArray();
        bytes[7]++;

        Assert.Equal(PolicyVerdict.BadSignature, policy.Check(note.With(line with { Bytes = bytes })));
    }

    [Fact]
    public void Blanks_comments_and_addresses_are_read()
    {
        var policy = Read($"\t# comment é\n\n  log\t{_log.Verifier}  https://ledger.example/test \nwitness W1 {_witnesses[0].WitnessVerifier} https://w1.example\nquorum W1");

        Assert.Equal("https://ledger.example/test", policy.Logs.Single().Url);
        Assert.Equal("https://w1.example", policy.Witnesses["W1"].Url);
    }

    [Theory]
    [InlineData("")]
    [InlineData("quorum W9\n")]
    [InlineData("quorum none\nquorum none\n")]
    [InlineData("log LOG\nlog LOG\nquorum none\n")]
    [InlineData("witness A W0\nwitness A W1\nquorum none\n")]
    [InlineData("witness A W0\nwitness B W0\nquorum none\n")]
    [InlineData("witness none W0\nquorum none\n")]
    [InlineData("witness A LOG\nquorum none\n")]
    [InlineData("witness A W0\ngroup G 2 A\nquorum G\n")]
    [InlineData("witness A W0\ngroup G 0 A\nquorum G\n")]
    [InlineData("witness A W0\ngroup G any\nquorum A\n")]
    [InlineData("witness A W0\ngroup G any A A\nquorum G\n")]
    [InlineData("witness A W0\ngroup G any A\ngroup H any A\nquorum G\n")]
    [InlineData("group G any G\nquorum none\n")]
    [InlineData("group G any none\nquorum none\n")]
    [InlineData("quorum A\nwitness A W0\n")]
    [InlineData("quorum none more\n")]
    [InlineData("quorums none\n")]
    [InlineData("quorum none\r\n")]
    [InlineData("log nonsense\nquorum none\n")]
    public void What_is_no_policy_is_refused_with_a_sentence(string text)
    {
        text = text.Replace("LOG", _log.Verifier.ToString(), StringComparison.Ordinal)
            .Replace("W0", _witnesses[0].WitnessVerifier.ToString(), StringComparison.Ordinal)
            .Replace("W1", _witnesses[1].WitnessVerifier.ToString(), StringComparison.Ordinal);

        Assert.False(TrustPolicy.TryParse(Encoding.UTF8.GetBytes(text), out _, out var error));
        Assert.NotEmpty(error);
    }

    private string Example() =>
        $"""
        log {_log.Verifier}

        witness X1 {_witnesses[0].WitnessVerifier}
        witness X2 {_witnesses[1].WitnessVerifier}
        witness X3 {_witnesses[2].WitnessVerifier}
        group X-witnesses 2 X1 X2 X3

        witness Y1 {_witnesses[3].WitnessVerifier}
        witness Y2 {_witnesses[4].WitnessVerifier}
        witness Y3 {_witnesses[5].WitnessVerifier}
        group Y-witnesses any Y1 Y2 Y3

        group X-and-Y all X-witnesses Y-witnesses
        quorum X-and-Y

        """;

    private SignedNote Signed(string origin) => SignedNote.Sign(new Checkpoint(origin, 0, Sha256.EmptyRoot).ToString(), _log);

    private static TrustPolicy Read(string text) => TrustPolicy.TryParse(Encoding.UTF8.GetBytes(text), out var policy, out var error) ? policy : throw new FormatException(error);
}
