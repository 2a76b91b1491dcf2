using OsModa.Dashboard.Components;
using Xunit;

namespace OsModa.Tests.Components;

public sealed class AmountTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 kB")]
    [InlineData(21_000_000, "21 MB")]
    [InlineData(4_190_000_000, "4.19 GB")]
    [InlineData(999_999_999, "1 GB")]
    [InlineData(-21_400_000, "−21.4 MB")]
    public void Bytes_have_three_digits_and_a_unit(long bytes, string text) => Assert.Equal(text, Amount.Bytes(bytes));

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(1.6, "1.6 s")]
    [InlineData(119.9, "119.9 s")]
    [InlineData(228, "3:48 min")]
    public void Seconds_have_tenths_as_long_as_they_matter(double seconds, string text) => Assert.Equal(text, Amount.Seconds(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1, "1 agent")]
    [InlineData(0, "0 agents")]
    [InlineData(5, "5 agents")]
    public void A_count_agrees_with_its_word(int count, string text) => Assert.Equal(text, Amount.Count(count, "agent"));
}
