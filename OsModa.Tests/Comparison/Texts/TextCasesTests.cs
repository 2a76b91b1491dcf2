using OsModa.Core.Comparison.Texts;
using Xunit;

namespace OsModa.Tests.Comparison.Texts;

public sealed class TextCasesTests
{
    public static TheoryData<string> Titles => [.. TextCase.All.Select(one => one.Title)];

    [Fact]
    public void The_table_is_whole() => Assert.True(TextCase.All.Count >= 25, $"Differences.txt has {TextCase.All.Count} cases.");

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_comparison_shows_what_the_table_shows(string title)
    {
        var one = TextCase.All.Single(one => one.Title == title);

        Assert.Equal(one.Says, TextCase.LinesOf(TextComparison.Between(one.From, one.To)));
    }
}
