using Bunit;
using OsModa.Dashboard.Pages.Comparing;
using Xunit;

namespace OsModa.Tests.Pages.Comparing;

public sealed class DiffFoldTests : BunitContext
{
    [Fact]
    public void It_is_closed_until_somebody_opens_it_and_closes_again()
    {
        var fold = Show("a\nb\n", "a\nc\n");
        Assert.Empty(fold.FindAll(".diff"));
        Assert.Equal("nginx.conf, 1 line before, 1 after", fold.Find("summary").TextContent);

        fold.Find("summary").Click();
        Assert.Equal(["b", "c"], fold.FindAll(".minus code, .plus code").Select(line => line.TextContent));

        fold.Find("summary").Click();
        Assert.Empty(fold.FindAll(".diff"));
    }

    [Fact]
    public void It_may_begin_open() => Assert.Single(Show("a\n", "b\n", open: true).FindAll(".diff"));

    [Fact]
    public void Of_another_pair_of_systems_it_shows_the_texts_of_that_pair()
    {
        var fold = Show("a\nb\n", "a\nc\n", open: true);
        Assert.Equal(["b", "c"], fold.FindAll(".minus code, .plus code").Select(line => line.TextContent));

        fold.Render(parameters => parameters.Add(p => p.Title, "nginx.conf").Add(p => p.Old, "a\nc\n").Add(p => p.New, "a\nb\n"));

        Assert.Equal(["c", "b"], fold.FindAll(".minus code, .plus code").Select(line => line.TextContent));
    }

    [Fact]
    public void Lines_of_long_texts_are_counted_when_it_is_opened()
    {
        var fold = Show(new string('a', 10_000), new string('b', 10_000));
        Assert.Equal("nginx.conf", fold.Find("summary").TextContent);

        fold.Find("summary").Click();

        Assert.Equal("nginx.conf, 1 line before, 1 after", fold.Find("summary").TextContent);
    }

    [Fact]
    public void Side_by_side_each_side_has_its_own_lines()
    {
        var fold = Show("a\nb\n", "a\nc\n", open: true);

        fold.FindAll(".diff-tools button")[1].Click();

        Assert.Equal(2, fold.FindAll(".diff-sides > .diff").Count);
        Assert.Empty(fold.FindAll(".diff-sides > .diff:first-child .plus"));
        Assert.Empty(fold.FindAll(".diff-sides > .diff:last-child .minus"));
    }

    [Fact]
    public void Folded_lines_open_and_close_in_both_columns_and_in_one()
    {
        var fold = Show("1\n2\n3\n4\n5\n6\na\n", "1\n2\n3\n4\n5\n6\nb\n", open: true);
        Assert.Equal(["4", "5", "6", "a", "b"], Lines(fold, ".diff"));

        fold.Find(".skipped button").Click();
        Assert.Equal(["1", "2", "3", "4", "5", "6", "a", "b"], Lines(fold, ".diff"));
        Assert.Equal(("hide 3 unchanged lines", "true"), (fold.Find(".skipped button").TextContent, fold.Find(".skipped button").GetAttribute("aria-expanded")));

        fold.FindAll(".diff-tools button")[1].Click();
        Assert.Equal(["1", "2", "3", "4", "5", "6", "a"], Lines(fold, ".diff:first-child"));
        Assert.Equal(["1", "2", "3", "4", "5", "6", "b"], Lines(fold, ".diff:last-child"));

        fold.FindAll(".skipped button")[1].Click();
        Assert.Equal(["4", "5", "6", "a"], Lines(fold, ".diff:first-child"));
        Assert.Equal(["4", "5", "6", "b"], Lines(fold, ".diff:last-child"));
    }

    [Theory]
    [InlineData(null, "a\n", "nginx.conf, new")]
    [InlineData("a\n", null, "nginx.conf, removed")]
    [InlineData("a\n", "a\n", "nginx.conf")]
    public void A_side_that_is_not_there_is_told(string? old, string? @new, string summary) => Assert.Equal(summary, Show(old, @new).Find("summary").TextContent);

    [Fact]
    public void What_is_no_text_is_said_and_not_shown()
    {
        var fold = Show("a\0b", "a\0c", open: true);

        Assert.StartsWith("Not text:", fold.Find(".hint").TextContent, StringComparison.Ordinal);
        Assert.Empty(fold.FindAll(".diff"));
    }

    private static IEnumerable<string> Lines(IRenderedComponent<DiffFold> fold, string column) => fold.FindAll($"{column} code").Select(line => line.TextContent);

    private IRenderedComponent<DiffFold> Show(string? old, string? @new, bool open = false) =>
        Render<DiffFold>(parameters => parameters.Add(p => p.Title, "nginx.conf").Add(p => p.Old, old).Add(p => p.New, @new).Add(p => p.Open, open));
}
