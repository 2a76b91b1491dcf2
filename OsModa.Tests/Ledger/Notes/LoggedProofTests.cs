using System.Text;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using Xunit;

namespace OsModa.Tests.Ledger.Notes;

/// <summary>A proof made by an independent program: log key RFC 8032 TEST 1, witness key TEST 2, cosigned at 1767323100.</summary>
public sealed class LoggedProofTests
{
    private const string LogKey = "ledger.example/test+bc8d6e27+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
    private const string WitnessKey = "witness.example/w1+04d2d833+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM";
    private const string Head =
        """
        ledger.example/test
        3
        BwwqWKpCHOYvXJ08P4yt2Vhdykl+hC3lVTew/SqY6GQ=

        — ledger.example/test vI1uJ1+h6pfmQ+0yulUnwbb2z4f9kMEymRRlbC4r7T0j76hE1lXX3VqsCc4KEU6hV2gTcJdC0008bfKrG0Xvet70Fgg=
        — witness.example/w1 BNLYMwAAAABpVzXcL5OIlWR+nC8/by8Gczs9FT5c6dDQcQ9fxywUFRC/r/tG9ZqrxUkn9pdJGgtZXGmYklEFoPe72xUCw4Tw8mfiAQ==

        """;
    private const string Proof = "c2sp.org/tlog-proof@v1\nindex 1\nEgHp7cCkagW9SL95xwDpHTtf1g9pPyVngw41a4OrXzs=\nRkqGHPkstoaBZGPOMLss8g8TahlzuYRqtjj9GAfIgkw=\n\n" + Head;

    [Fact]
    public void It_is_read_checked_and_written_again()
    {
        var proof = Read(Proof);

        Assert.Equal((1L, 2, (ReadOnlyMemory<byte>?)null), (proof.Index, proof.Hashes.Length, proof.Extra));
        Assert.Equal(Proof, proof.ToString());
        Assert.True(proof.Includes(Vectors.Records[1]));
        Assert.False(proof.Includes(Vectors.Records[0]));
    }

    [Fact]
    public void Log_and_witness_have_signed_it()
    {
        var (log, witness) = (Key(LogKey), Key(WitnessKey));

        Assert.Equal([log, witness], Read(Proof).Checkpoint.Check([log, witness])!.Value);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_767_323_100), Read(Proof).Checkpoint.CosignedAt(witness));
    }

    [Fact]
    public void We_sign_and_cosign_it_the_same()
    {
        Assert.True(SignerKey.TryParse(Skey("ledger.example/test", "bc8d6e27", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"), out var log));
        Assert.True(SignerKey.TryParse(Skey("witness.example/w1", Key("witness.example/w1", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"), out var witness));
        using (log)
        using (witness)
        {
            var note = SignedNote.Sign(new Checkpoint("ledger.example/test", 3, Vectors.Root3).ToString(), log);

            Assert.Equal(Head, note.With(witness.Cosign(note.Text, DateTimeOffset.FromUnixTimeSeconds(1_767_323_100))).ToString());
        }
    }

    [Fact]
    public void Extra_data_is_carried_along()
    {
        var proof = Read(Proof) with { Extra = new byte[] { 1, 2, 3 } };

        Assert.Contains("\nextra AQID\nindex 1\n", proof.ToString(), StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], Read(proof.ToString()).Extra!.Value.ToArray());
    }

    [Theory]
    [InlineData("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2")]
    [InlineData("index 1", "index 01")]
    [InlineData("index 1", "index -1")]
    [InlineData("index 1", "index")]
    [InlineData("index 1", "extra A\nindex 1")]
    [InlineData("index 1", "index 1\nextra AQID")]
    [InlineData("EgHp", "EgH")]
    [InlineData("\n\nledger", "\nledger")]
    [InlineData("— ledger", "- ledger")]
    public void What_is_no_proof_is_refused(string old, string @new) =>
        Assert.False(LoggedProof.TryParse(Encoding.UTF8.GetBytes(Proof.Replace(old, @new, StringComparison.Ordinal)), out _));

    [Fact]
    public void Whatever_bytes_come_nothing_is_thrown()
    {
        var random = new Random(17);
        var bytes = Encoding.UTF8.GetBytes(Proof);
        for (var turn = 0; turn < 5_000; turn++)
        {
            var damaged = bytes[..random.Next(bytes.Length + 1)];
            for (var i = random.Next(4); i > 0 && damaged.Length > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            if (LoggedProof.TryParse(damaged, out var proof))
            {
                proof.Includes(Vectors.Records[1]);
                proof.Checkpoint.Check([Key(LogKey), Key(WitnessKey)]);
            }
        }
    }

    private static LoggedProof Read(string text) => LoggedProof.TryParse(Encoding.UTF8.GetBytes(text), out var proof) ? proof : throw new FormatException(text);

    private static VerifierKey Key(string text) => VerifierKey.TryParse(text, out var key, out var error) ? key : throw new FormatException(error);

    private static string Key(string name, string publicKey) => VerifierKey.Of(name, SignatureType.Ed25519, Convert.FromHexString(publicKey)).Id.ToString("x8");

    private static string Skey(string name, string id, string seed) => $"PRIVATE+KEY+{name}+{id}+{Convert.ToBase64String([1, .. Convert.FromHexString(seed)])}";
}
