using OsModa.Core.Ledger.Notes;
using Xunit;

namespace OsModa.Tests.Ledger.Notes;

/// <summary>Keys as text; the examples are those of Go's own implementation (golang.org/x/mod/sumdb/note) and RFC 8032's TEST 1 and 2.</summary>
public sealed class KeyTests
{
    private const string Peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private const string PeterSecret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    [Fact]
    public void A_public_key_is_read_as_it_is_written()
    {
        Assert.True(VerifierKey.TryParse(Peter, out var key, out _));
        Assert.Equal(("PeterNeumann", 0xc74f20a3, SignatureType.Ed25519), (key.Name, key.Id, key.Type));
        Assert.Equal(Peter, key.ToString());
    }

    [Fact]
    public void A_private_key_is_read_as_it_is_written_and_belongs_to_its_public_one()
    {
        Assert.True(SignerKey.TryParse(PeterSecret, out var key));
        using (key)
        {
            Assert.Equal(Peter, key.Verifier.ToString());
            Assert.Equal(PeterSecret, key.ToSecretText());
        }
    }

    [Fact]
    public void No_part_of_a_key_and_no_key_with_a_changed_letter_is_taken()
    {
        foreach (var text in new[] { Peter, PeterSecret })
        {
            for (var from = 0; from <= text.Length; from++)
            {
                for (var to = from; to <= text.Length; to++)
                {
                    Assert.Equal(from == 0 && to == text.Length, IsKey(text[from..to]));
                }
            }

            for (var i = 0; i < text.Length; i++)
            {
                Assert.False(IsKey($"{text[..i]}{(char)(text[i] + 1)}{text[(i + 1)..]}"));
            }
        }

        static bool IsKey(string text)
        {
            var isSecret = SignerKey.TryParse(text, out var secret);
            secret?.Dispose();
            return isSecret || VerifierKey.TryParse(text, out _, out _);
        }
    }

    [Theory]
    [InlineData("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==")]    // of the wrong length, with the right number
    [InlineData("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]          // of a type that does not exist, with the right number
    [InlineData("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData(null)]
    public void Keys_that_cannot_be_are_refused_with_a_sentence(string? text)
    {
        Assert.False(VerifierKey.TryParse(text, out _, out var error));
        Assert.NotEmpty(error!);
    }

    [Fact]
    public void The_key_of_a_log_and_of_a_witness_have_their_numbers()
    {
        var log = VerifierKey.Of("ledger.example/test", SignatureType.Ed25519, Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
        var witness = VerifierKey.Of("witness.example/w1", SignatureType.CosignatureV1, Convert.FromHexString("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));

        Assert.Equal("ledger.example/test+bc8d6e27+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", log.ToString());
        Assert.Equal("witness.example/w1+04d2d833+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM", witness.ToString());
    }

    [Fact]
    public void A_new_key_signs_what_it_then_checks()
    {
        using var key = SignerKey.Generate("EnochRoot");
        var note = SignedNote.Sign("hi\n", key);

        Assert.Equal([key.Verifier], note.Check([key.Verifier])!.Value);
        Assert.Empty(note.Check([key.WitnessVerifier])!.Value);
    }
}
