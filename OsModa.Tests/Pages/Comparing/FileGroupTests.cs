using Bunit;
using OsModa.Core.Comparison;
using OsModa.Dashboard.Pages.Comparing;
using Xunit;

namespace OsModa.Tests.Pages.Comparing;

public sealed class FileGroupTests : BunitContext
{
    [Fact]
    public void Of_very_many_files_only_some_are_drawn_with_their_texts_until_somebody_asks()
    {
        var group = Show(5_000);
        Assert.Equal((60, 60), (group.FindAll("li").Count, group.FindComponents<DiffFold>().Count));

        group.Find("button[data-rest='file-']").Click();

        Assert.Equal((500, 500), (group.FindAll("li").Count, group.FindComponents<DiffFold>().Count));
        Assert.Equal("4500 more: search for what you miss.", group.Find(".hint.more").TextContent);
    }

    [Fact]
    public void A_few_files_are_all_shown() => Assert.Empty(Show(60).FindAll(".more"));

    private IRenderedComponent<FileGroup> Show(int files) => Render<FileGroup>(parameters => parameters.Add(
        p => p.Files, [.. Enumerable.Range(10_000, files).Select(n => new FileChange($"f{n}", FileChangeKind.Changed, new FileText(1, "a"), new FileText(1, "b")))]));
}
