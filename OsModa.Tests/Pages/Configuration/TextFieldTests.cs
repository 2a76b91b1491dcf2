using Bunit;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Composition;
using OsModa.Tests.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>Texts of one line, of several, and as long as a field takes.</summary>
public sealed class TextFieldTests : FieldRoom
{
    [Fact]
    public void A_text_of_several_lines_has_a_field_of_several_lines()
    {
        var field = Open("services.web.user");
        field.Find("input").Input("a");
        Session.Apply(Session.Document.With(new Setting(SomeSchema.Path("services.web.user"), new NixText("one\ntwo"))));
        field.Render();

        field.Find("textarea").Input("one\ntwo\n3");

        Assert.Equal(new NixText("one\ntwo\n3"), Value("services.web.user"));
    }

    [Fact]
    public void Lines_keep_their_breaks()
    {
        Open("services.web.extra").Find("textarea").Change("one\r\ntwo\n");

        Assert.Equal(new NixText("one\ntwo\n"), Value("services.web.extra"));
    }

    [Fact]
    public void A_text_as_long_as_a_field_takes_says_that_more_is_cut_off()
    {
        var field = Open("services.web.extra");
        field.Find("textarea").Change(new string('a', BrowserPagesSetup.LongestText - 1));
        Assert.Empty(field.FindAll(".error"));

        field.Find("textarea").Change(new string('a', BrowserPagesSetup.LongestText));

        Assert.Contains("A field takes 80,000 characters.", field.Find(".error").TextContent, StringComparison.Ordinal);
        Assert.False(field.Find("textarea").HasAttribute("readonly"));
    }

    [Fact]
    public void A_text_that_is_longer_than_a_field_takes_is_only_shown()
    {
        var field = Open("services.web.extra", $"services.web.extra = \"{new string('a', BrowserPagesSetup.LongestText + 1)}\";");

        Assert.True(field.Find("textarea").HasAttribute("readonly"));
        Assert.Contains("Change it in the repository.", field.Find(".error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_data_is_written_as_Nix_and_what_is_more_stays_an_expression()
    {
        var field = Open("services.web.any");

        field.Find("textarea").Change("{ a = [ 1 \"${x}\" ]; }");
        Assert.IsType<NixExpression>(Value("services.web.any"));
        field.Find("textarea").Input("{ a = [ 1 2 ]; }");
        field.FindAll("button").Single(button => button.TextContent == "Edit as a field").Click();

        Assert.Equal(NixSet.Of([new("a", new NixList([new NixInteger(1), new NixInteger(2)]))]), Value("services.web.any"));
    }

    [Fact]
    public void Code_is_an_expression_and_its_brackets_are_looked_at()
    {
        var field = Open("services.web.hook");

        field.Find("textarea").Input("x: (x + 1");

        Assert.Contains("'(' is never closed", field.Find(".error").TextContent, StringComparison.Ordinal);
        Assert.Equal(new NixExpression("x: (x + 1"), Value("services.web.hook"));
    }

    [Fact]
    public void What_one_sign_joins_is_added_and_removed_piece_by_piece()
    {
        var field = Open("services.web.words");
        Assert.Empty(field.FindAll(".chip"));

        field.Find("input").Change("one");
        field.Find("input").Change(" two ");
        field.Find("input").Change("three,four");
        Assert.Equal(new NixText("one,two,three,four"), Value("services.web.words"));
        Assert.Equal("", field.Find("input").GetAttribute("value"));

        field.Find("[aria-label='Remove two']").Click();
        Assert.Equal(new NixText("one,three,four"), Value("services.web.words"));
    }

    [Fact]
    public void Pieces_of_the_default_are_shown_and_go_on_from_there()
    {
        var field = Open("services.web.search");
        Assert.Equal(["/run/bin", "/usr/bin"], field.FindAll(".chip").Select(chip => chip.FirstChild!.TextContent));

        field.Find("[aria-label='Remove /usr/bin']").Click();
        field.Find("[aria-label='Remove /run/bin']").Click();

        Assert.Equal(new NixText(""), Value("services.web.search"));
        Assert.Empty(field.FindAll(".chip"));
    }

    [Fact]
    public void A_pattern_and_that_a_path_begins_with_a_slash_are_said_before_anything_is_wrong()
    {
        var token = Open("services.web.token");
        Assert.Contains("Matches [a-z]{4} as a whole.", token.Find(".hint").TextContent, StringComparison.Ordinal);
        token.Find("input").Input("abc");
        Assert.NotEmpty(token.FindAll(".error"));

        Assert.Contains("A path begins with a slash.", Open("services.web.root").Find(".hint").TextContent, StringComparison.Ordinal);
    }
}
