using OsModa.Core.Comparison.Texts;
using Xunit;

namespace OsModa.Tests.Comparison.Texts;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain\tschön 😀", "plain\tschön 😀")]
    [InlineData("\u001b[31mred\u0007\r\u007f", "␛[31mred␇␍␡")]
    [InlineData("a\u202Eb\u2066c\u200bd\u2028e\u0085", "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFD")]
    public void Nothing_stays_unseen(string text, string visible) => Assert.Equal(visible, VisibleText.Of(text));

    [Fact]
    public void Half_a_character_is_none() => Assert.Equal("a\uFFFD\uFFFDb😀", VisibleText.Of("a\udc00\ud800b😀"));
}
