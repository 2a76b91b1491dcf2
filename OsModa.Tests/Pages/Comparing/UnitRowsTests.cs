using Bunit;
using Microsoft.AspNetCore.Components;
using OsModa.Core.Comparison;
using OsModa.Core.Observation;
using OsModa.Dashboard.Pages.Comparing;
using Xunit;

namespace OsModa.Tests.Pages.Comparing;

public sealed class UnitRowsTests : BunitContext
{
    private const string Old = "[Service]\nExecStart=/nix/store/00000000000000000000000000000000-nginx-1.24.0/bin/nginx\n";
    private static readonly string Anew = Old.Replace("000000", "111111", StringComparison.Ordinal), Newer = Anew.Replace("1.24.0", "1.26.2", StringComparison.Ordinal);

    public static TheoryData<string?, string?, string> Reasons => new()
    {
        { null, Old, "new" },
        { Old, null, "removed" },
        { Old, Anew, "the same settings, built anew" },
        { Old, Newer, "another version, the same settings" },
        { Old, Newer + "MemoryMax=1G\n", "other settings" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void It_says_what_is_other_about_a_unit(string? old, string? @new, string why) => Assert.Equal(why, Show([Row("nginx.service", old, @new)]).Find(".why").TextContent);

    [Fact]
    public void What_the_rules_say_comes_before_what_the_texts_say()
    {
        var row = Row("nginx.service", Old, Newer);

        Assert.Equal("it does not run", Show([row with { Change = row.Change! with { Why = "it does not run" } }]).Find(".why").TextContent);
    }

    [Fact]
    public void A_unit_without_a_change_of_its_own_goes_with_another() =>
        Assert.Equal("goes with its service", Show([new UnitRow(UnitName.Parse("nginx.socket"), UnitFate.StopAndStart, null, null)]).Find(".why").TextContent);

    [Fact]
    public void Many_that_are_merely_built_anew_are_folded_but_no_agent_is()
    {
        var rows = Enumerable.Range(1, 7).Select(n => Row($"u{n}.service", Old, Anew)).Append(Row("nginx.service", Old, Newer)).Append(Row("agent-scout.service", Old, Anew) with { Agent = "scout" }).ToList();

        var list = Show(rows);

        Assert.Equal(["agent-scout", "nginx"], list.FindAll("ul.changes:not(details ul) > li > b").Select(name => name.TextContent));
        Assert.Equal("7 units more with the same settings and rebuilt programs", list.Find("details.fold > summary").TextContent);
        Assert.Equal(7, list.FindAll("details ul li").Count);
    }

    [Fact]
    public void Of_very_many_only_some_are_drawn_with_their_texts_until_somebody_asks()
    {
        var list = Show([.. Enumerable.Range(1000, 700).Select(n => Row($"u{n}.service", Old, Newer))]);
        Assert.Equal((60, 60), (list.FindAll("li").Count, list.FindComponents<DiffFold>().Count));

        list.Find("button[data-rest='unit-']").Click();

        Assert.Equal((500, 500), (list.FindAll("li").Count, list.FindComponents<DiffFold>().Count));
        Assert.Equal("200 more: search for what you miss.", list.Find(".hint.more").TextContent);
    }

    [Fact]
    public void A_few_of_them_stand_with_the_others()
    {
        var list = Show([Row("a.service", Old, Anew), Row("b.service", Old, Newer)]);

        Assert.Equal(["b", "a"], list.FindAll("li > b").Select(name => name.TextContent));
    }

    [Fact]
    public void A_row_names_the_text_that_a_key_opens()
    {
        var list = Show([Row("b.service", Old, Newer)]);

        var row = list.Find("#unit-b\\.service");
        Assert.NotNull(list.Find($"[id='{row.GetAttribute("data-text")}']"));
    }

    [Fact]
    public void Between_servers_it_says_which_one_has_it()
    {
        var list = Render<CascadingValue<Sides>>(parameters => parameters.Add(p => p.Value, new Sides("web1", "web2")).AddChildContent<UnitRows>(rows => rows.Add(p => p.Units, [Row("a.service", null, Old), Row("b.service", Old, null)])));

        Assert.Equal(["only on web2", "only on web1"], list.FindAll(".why").Select(why => why.TextContent));
    }

    private static UnitRow Row(string name, string? old, string? @new) => new(UnitName.Parse(name), UnitFate.StopAndStart, new UnitFileChange(UnitName.Parse(name), old, @new), null);

    private IRenderedComponent<UnitRows> Show(List<UnitRow> rows) => Render<UnitRows>(parameters => parameters.Add(p => p.Units, rows));
}
