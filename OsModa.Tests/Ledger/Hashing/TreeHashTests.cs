using System.Text;
using OsModa.Core.Ledger.Hashing;
using Xunit;

namespace OsModa.Tests.Ledger.Hashing;

public sealed class TreeHashTests
{
    private static readonly TreeHash Some = Sha256.Plain("some"u8);

    [Fact]
    public void Text_forms_are_read_as_they_are_written()
    {
        Assert.True(TreeHash.TryParseHex(Encoding.ASCII.GetBytes(Some.ToHex()), out var hex));
        Assert.True(TreeHash.TryParseBase64(Some.ToBase64(), out var base64));
        Assert.Equal(Some, hex);
        Assert.Equal(Some, base64);
    }

    [Fact]
    public void Hexadecimal_digits_are_lower_case_and_sixty_four()
    {
        Assert.False(TreeHash.TryParseHex(Encoding.ASCII.GetBytes(Some.ToHex().ToUpperInvariant()), out _));
        Assert.False(TreeHash.TryParseHex(Encoding.ASCII.GetBytes(Some.ToHex()[1..]), out _));
        Assert.False(TreeHash.TryParseHex(Encoding.ASCII.GetBytes(Some.ToHex() + "0"), out _));
    }

    [Fact]
    public void Base_64_has_one_spelling()
    {
        var text = TreeHash.Zero.ToBase64();

        Assert.False(TreeHash.TryParseBase64(text[..^2] + "B=", out _));    // the same bytes with an unused bit set
        Assert.False(TreeHash.TryParseBase64(text[..20] + "\n" + text[20..], out _));
        Assert.False(TreeHash.TryParseBase64(text[..^1], out _));
        Assert.False(TreeHash.TryParseBase64(null, out _));
    }
}
