using Bunit;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>Numbers: what is typed, what is out of bounds, what is none.</summary>
public sealed class NumberFieldTests : FieldRoom
{
    [Fact]
    public void A_number_out_of_its_bounds_says_so_and_stays_as_it_was_typed()
    {
        var field = Open("services.web.workers");
        Assert.Equal("4", field.Find("input").GetAttribute("value"));
        Assert.Contains("Between 1 and 64.", field.Markup, StringComparison.Ordinal);

        field.Find("input").Input("65");
        Assert.Contains("between 1 and 64", field.Find(".error").TextContent, StringComparison.Ordinal);
        field.Find("input").Input("many");
        Assert.Equal(("many", "true"), (field.Find("input").GetAttribute("value"), field.Find("input").GetAttribute("aria-invalid")));
        field.Find("input").Input("8");

        Assert.Empty(field.FindAll(".error"));
        Assert.Equal(new NixInteger(8), Value("services.web.workers"));
    }

    [Fact]
    public void A_number_with_a_point_is_one()
    {
        Open("services.web.ratio").Find("input").Input("0.25");

        Assert.Equal(new NixFloat(0.25), Value("services.web.ratio"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData("1.0")]
    [InlineData("007")]
    [InlineData("1e")]
    [InlineData("-")]
    public void A_number_on_its_way_is_not_rewritten_while_somebody_types(string typed)
    {
        var field = Open("services.web.ratio");

        field.Find("input").Input(typed);

        Assert.Equal(typed, field.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void A_comma_makes_no_larger_number()
    {
        var field = Open("services.web.ratio");

        field.Find("input").Input("1,5");

        Assert.Equal(new NixText("1,5"), Value("services.web.ratio"));
        Assert.NotEmpty(field.FindAll(".error"));
    }

    [Fact]
    public void A_number_that_is_typed_anew_keeps_its_row()
    {
        var field = Open("services.web.quotas", "services.web.quotas.ann = 80;");

        field.Find(".member-row .number-input").Input("");
        Assert.Equal(("", "Enter a whole number."), (field.Find(".member-row .number-input").GetAttribute("value"), field.Find(".member-row .error").TextContent));
        field.Find(".member-row .number-input").Input("443");

        Assert.Equal(new NixInteger(443), Value("services.web.quotas.ann"));
        field.Find("[aria-label='Remove ann']").Click();
        Assert.Null(Value("services.web.quotas.ann"));
    }

    [Fact]
    public void A_number_of_an_option_that_is_emptied_is_not_set_any_more()
    {
        Open("services.web.workers", "services.web.workers = 8;").Find("input.number-input").Input("");

        Assert.Null(Value("services.web.workers"));
    }
}
