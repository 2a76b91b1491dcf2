using Bunit;
using OsModa.Core.Configuration;
using OsModa.Tests.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>Where a value comes from: files of the server, the form, the drafts of others; and who may write.</summary>
public sealed class FieldOriginTests : FieldRoom
{
    [Fact]
    public void What_a_file_sets_can_be_set_here_with_mkForce_and_is_rendered_so()
    {
        var field = Open("services.web.user");
        Assert.True(field.Find("#f-services\\.web\\.user").HasAttribute("readonly"));

        field.Find("[data-force]").Click();

        Assert.Equal((new NixText("nobody"), Setting.Force), ((NixText?)Value("services.web.user"), Session.Document.PriorityAt(SomeSchema.Path("services.web.user"))));
        Assert.Contains("is stronger, and counts alone", field.Find(".provenance").TextContent, StringComparison.Ordinal);
        field.Find("#f-services\\.web\\.user").Input("form");
        Assert.Equal(["services.web.user = lib.mkForce \"form\";"], NixDocument.Render(Session.Document).Select(line => line.Text));
        Assert.Equal(Session.Document, SettingsDocument.Of(NixReader.Settings("services.web.user = lib.mkForce \"form\";", path => path.Parts.Length > 2)));
    }

    [Fact]
    public void How_strongly_a_field_is_said_is_chosen_at_the_field()
    {
        var field = Open("services.web.workers", "services.web.workers = 8;");

        field.Find("select[id$=priority]").Change($"{Setting.Default}");

        Assert.Equal(["services.web.workers = lib.mkDefault 8;"], NixDocument.Render(Session.Document).Select(line => line.Text));
        Assert.Contains("is-changed", field.Find(".option-field").ClassName!, StringComparison.Ordinal);
        field.Find("select[id$=priority]").Change($"{Setting.Plain}");
        Assert.Equal(Session.Basis.Document, Session.Document);
    }

    [Fact]
    public void A_field_that_somebody_set_by_hand_is_locked_and_says_where()
    {
        var field = Open("services.web.user");

        Assert.True(field.Find("input").HasAttribute("readonly"));
        Assert.Equal("nobody", field.Find("input").GetAttribute("value"));
        Assert.Contains("web.nix sets this already", field.Find(".provenance").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_that_the_server_does_not_have_says_so_and_can_be_taken_out()
    {
        var field = Open("services.gone.enable", "services.gone.enable = true;");

        Assert.Contains("no such option", field.Markup, StringComparison.Ordinal);
        field.Find("button").Click();
        Assert.Empty(Session.Document.Settings);
    }

    [Fact]
    public void What_others_have_in_their_drafts_stands_at_the_field_and_can_be_taken()
    {
        var field = Open("services.web.workers");
        Session.Others = [new Draft(Guid.NewGuid(), "Ben", Session.Basis, SettingsDocument.Empty.With(new Setting(SomeSchema.Path("services.web.workers"), new NixInteger(12))), DateTimeOffset.UnixEpoch)];
        field.Render();

        Assert.Contains("Ben has 12 here", field.Find(".other-draft").TextContent, StringComparison.Ordinal);
        field.Find(".other-draft button").Click();

        Assert.Equal(new NixInteger(12), Value("services.web.workers"));
        Assert.Empty(field.FindAll(".other-draft"));
    }

    [Fact]
    public void Who_may_only_look_cannot_write()
    {
        var field = Open("services.web.workers", readOnly: true);

        Assert.True(field.Find("input").HasAttribute("readonly"));
        Session.Apply(SettingsDocument.Empty.With(new Setting(SomeSchema.Path("services.web.workers"), new NixInteger(9))));
        Assert.Empty(Session.Changes);
    }
}
