using OsModa.Core.Comparison.Packages;
using Xunit;

namespace OsModa.Tests.Comparison.Packages;

public sealed class ClosureCasesTests
{
    public static TheoryData<string> Titles => [.. ClosureCase.All.Select(one => one.Title)];

    [Fact]
    public void The_table_is_whole() => Assert.True(ClosureCase.All.Count >= 60, $"Closures.txt has {ClosureCase.All.Count} cases.");

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_comparison_says_what_the_table_says(string title)
    {
        var one = ClosureCase.All.Single(one => one.Title == title);

        var comparison = PackageComparison.Between(one.From, one.To);

        Assert.Equal(one.Says, comparison.Changes.Select(ClosureCase.LineOf));
    }
}
