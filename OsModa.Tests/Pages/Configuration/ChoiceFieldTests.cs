using Bunit;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>One of a few: values, kinds of values, nothing, a package by its name.</summary>
public sealed class ChoiceFieldTests : FieldRoom
{
    [Fact]
    public void A_switch_sets_what_it_shows()
    {
        var field = Open("services.web.enable");

        field.Find("input[role=switch]").Change(true);

        Assert.Equal(new NixBool(true), Value("services.web.enable"));
        Assert.Contains("is-changed", field.Find(".option-field").ClassName!, StringComparison.Ordinal);
        Assert.Contains("Changed: was not set.", field.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kind_that_was_chosen_goes_with_the_value_when_that_is_taken_back()
    {
        var field = Open("services.web.limit");
        field.Find("select.kind").Change("1");
        Assert.Equal("1", field.Find("select.kind").GetAttribute("value"));
        Assert.IsType<NixText>(Value("services.web.limit"));

        Session.Undo();

        Assert.Null(Value("services.web.limit"));
        Assert.Equal("0", field.Find("select.kind").GetAttribute("value"));

        Session.Redo();
        Assert.Equal("1", field.Find("select.kind").GetAttribute("value"));
    }

    [Fact]
    public void Few_choices_lie_open_and_many_in_a_list()
    {
        var few = Open("services.web.mode");
        few.FindAll("input[type=radio]")[0].Change("on");
        Assert.Equal(new NixText("fast"), Value("services.web.mode"));

        Open("services.web.level").Find("select").Change("5");
        Assert.Equal(new NixInteger(6), Value("services.web.level"));
    }

    [Fact]
    public void What_may_be_nothing_is_given_a_value_by_choice()
    {
        var field = Open("services.web.root");
        Assert.Empty(field.FindAll("input.mono"));

        field.Find("input[type=checkbox]").Change(true);
        field.Find("input.mono").Input("/srv");
        Assert.Equal(new NixText("/srv"), Value("services.web.root"));

        field.Find("input[type=checkbox]").Change(false);
        Assert.Equal(NixNull.Value, Value("services.web.root"));
    }

    [Theory]
    [InlineData("htop")]
    [InlineData("pkgs.htop")]
    public void A_package_is_kept_by_its_name(string typed)
    {
        Open("services.web.package").Find("input").Change(typed);

        Assert.Equal(new NixPackage(["htop"]), Value("services.web.package"));
    }

    [Fact]
    public void One_of_several_types_is_the_one_that_fits_or_another_by_choice()
    {
        var field = Open("services.web.limit");
        Assert.Equal("0", field.Find("select").GetAttribute("value"));

        field.Find("select").Change("1");
        field.Find("input").Input("64m");

        Assert.Equal(new NixText("64m"), Value("services.web.limit"));
    }

    [Fact]
    public void A_union_has_the_fields_of_the_kind_that_was_chosen_and_no_others()
    {
        var field = Open("services.web.source");
        Assert.Equal(["choose a kind", "folder", "port"], field.FindAll("select.kind option").Select(kind => kind.TextContent));

        field.Find("select.kind").Change("folder");
        field.Find(".either-value input").Input("/srv");
        Assert.Equal(NixSet.Of([new("folder", new NixText("/srv"))]), Value("services.web.source"));

        field.Find("select.kind").Change("port");
        field.Find(".either-value input").Input("8080");
        Assert.Equal(NixSet.Of([new("port", new NixInteger(8080))]), Value("services.web.source"));
        Assert.Empty(Session.Faults);
    }

    [Fact]
    public void What_is_converted_can_be_given_as_either()
    {
        var field = Open("services.web.size");
        Assert.Equal(["text", "whole number"], field.FindAll("select.kind option").Select(kind => kind.TextContent));

        field.Find(".either-value input").Input("64m");
        Assert.Equal(new NixText("64m"), Value("services.web.size"));
        field.Find("select.kind").Change("1");
        field.Find(".either-value input").Input("64");

        Assert.Equal(new NixInteger(64), Value("services.web.size"));
        Assert.Empty(Session.Faults);
    }
}
