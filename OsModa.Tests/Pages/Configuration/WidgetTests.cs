using AngleSharp.Dom;
using Bunit;
using OsModa.Core.Configuration;
using OsModa.Dashboard.Composition;
using OsModa.Dashboard.Pages.Configuration;
using OsModa.Dashboard.Pages.Configuration.Editing;
using OsModa.Tests.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

public sealed class WidgetTests : BunitContext
{
    private readonly SomeSchema _some = new(new ValueHere(SomeSchema.Path("services.web.user"), Setting.Plain, [new SourcePlace("/etc/nixos/web.nix", null)], new NixText("nobody")));
    private FormSession? _session;

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
    public void The_kind_that_was_chosen_goes_with_the_value_when_that_is_taken_back()
    {
        var field = Open("services.web.limit");
        field.Find("select.kind").Change("1");
        Assert.Equal("1", field.Find("select.kind").GetAttribute("value"));
        Assert.IsType<NixText>(Value("services.web.limit"));

        _session!.Undo();

        Assert.Null(Value("services.web.limit"));
        Assert.Equal("0", field.Find("select.kind").GetAttribute("value"));

        _session.Redo();
        Assert.Equal("1", field.Find("select.kind").GetAttribute("value"));
    }

    [Fact]
    public void What_a_file_sets_can_be_set_here_with_mkForce_and_is_rendered_so()
    {
        var field = Open("services.web.user");
        Assert.True(field.Find("#f-services\\.web\\.user").HasAttribute("readonly"));

        field.Find("[data-force]").Click();

        Assert.Equal((new NixText("nobody"), Setting.Force), ((NixText?)Value("services.web.user"), _session!.Document.PriorityAt(SomeSchema.Path("services.web.user"))));
        Assert.Contains("is stronger, and counts alone", field.Find(".provenance").TextContent, StringComparison.Ordinal);
        field.Find("#f-services\\.web\\.user").Input("form");
        Assert.Equal(["services.web.user = lib.mkForce \"form\";"], NixDocument.Render(_session.Document).Select(line => line.Text));
        Assert.Equal(_session.Document, SettingsDocument.Of(NixReader.Settings("services.web.user = lib.mkForce \"form\";", path => path.Parts.Length > 2)));
    }

    [Fact]
    public void How_strongly_a_field_is_said_is_chosen_at_the_field()
    {
        var field = Open("services.web.workers", "services.web.workers = 8;");

        field.Find("select[id$=priority]").Change($"{Setting.Default}");

        Assert.Equal(["services.web.workers = lib.mkDefault 8;"], NixDocument.Render(_session!.Document).Select(line => line.Text));
        Assert.Contains("is-changed", field.Find(".option-field").ClassName!, StringComparison.Ordinal);
        field.Find("select[id$=priority]").Change($"{Setting.Plain}");
        Assert.Equal(_session.Basis.Document, _session.Document);
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
    public void A_text_of_several_lines_has_a_field_of_several_lines()
    {
        var field = Open("services.web.user");
        field.Find("input").Input("a");
        _session!.Apply(_session.Document.With(new Setting(SomeSchema.Path("services.web.user"), new NixText("one\ntwo"))));
        field.Render();

        field.Find("textarea").Input("one\ntwo\n3");

        Assert.Equal(new NixText("one\ntwo\n3"), Value("services.web.user"));
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
    public void Words_are_added_and_removed_one_by_one()
    {
        var field = Open("services.web.hosts");

        field.Find("input").Change("a.example.org");
        field.Find("input").Change("b.example.org");
        field.FindAll(".chip button")[0].Click();

        Assert.Equal(new NixList([new NixText("b.example.org")]), Value("services.web.hosts"));
        Assert.Equal("", field.Find("input").GetAttribute("value"));
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
    public void A_member_of_a_set_is_named_and_has_the_fields_of_its_sub_module()
    {
        var field = Open("services.nginx.virtualHosts");

        field.Find(".member-add input").Change("a.example.org");
        field.Find(".member-add button").Click();
        field.Find(".member input[type=checkbox].tick").Change(true);
        field.Find(".member input.mono").Input("/srv");
        field.Find(".member input[role=switch]").Change(true);

        Assert.Equal(
            ["services.nginx.virtualHosts.\"a.example.org\".forceSSL", "services.nginx.virtualHosts.\"a.example.org\".root"],
            _session!.Document.Settings.Keys.Select(path => path.Text));
        Assert.Contains(field.FindAll(".member .field label"), label => label.TextContent == "ssh.keys");
        field.FindAll(".member-body > p > button")[^1].Click();
        Assert.Empty(_session.Document.Settings);
    }

    [Fact]
    public void The_last_field_of_a_member_goes_and_the_member_stays()
    {
        var field = Open("services.nginx.virtualHosts", "services.nginx.virtualHosts.a.forceSSL = true;");

        field.Find("[aria-label='use the default of forceSSL']").Click();

        Assert.Equal(NixSet.Of([new("a", NixSet.Empty)]), Value("services.nginx.virtualHosts"));
    }

    [Fact]
    public void A_list_of_sub_modules_has_rows_with_fields()
    {
        var field = Open("services.web.ranges");

        field.FindAll("button").Single(button => button.TextContent == "Add an entry").Click();
        field.Find(".items input").Input("8000");

        Assert.Equal(new NixList([NixSet.Of([new("from", new NixInteger(8000))])]), Value("services.web.ranges"));
        field.Find("[aria-label='Remove 1']").Click();
        Assert.Equal(new NixList([]), Value("services.web.ranges"));
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

    [Fact]
    public void Members_whose_names_the_form_cannot_hold_are_left_out_with_a_sentence()
    {
        var field = Open("services.web.quotas", "services.web.quotas = { \"\" = 1; ann = 2; };");

        Assert.Equal("ann", Assert.Single(field.FindAll(".member-row > label")).TextContent);
        Assert.Contains("What has no name here", field.Markup, StringComparison.Ordinal);

        var free = Open("services.web.settings", $"services.web.settings = {{ {new string('a', OptionPath.LongestPart + 1)} = true; bea = true; }};");
        Assert.Equal("bea", Assert.Single(free.FindAll(".member-row > label")).TextContent);
        Assert.Contains("What has no name here", free.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_a_sub_module_does_not_declare_are_given_where_there_may_be_such()
    {
        var field = Open("services.web.settings");

        field.Find(".fields input.number-input").Input("81");
        field.Find(".member-add input").Change("imports");
        field.Find(".member-add button").Click();

        Assert.Equal(new NixInteger(81), Value("services.web.settings.port"));
        Assert.Contains("part of a module", field.Find(".error").TextContent, StringComparison.Ordinal);
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
        Assert.Empty(_session!.Document.Settings);
    }

    [Fact]
    public void What_others_have_in_their_drafts_stands_at_the_field_and_can_be_taken()
    {
        var field = Open("services.web.workers");
        _session!.Others = [new Draft(Guid.NewGuid(), "Ben", _session.Basis, SettingsDocument.Empty.With(new Setting(SomeSchema.Path("services.web.workers"), new NixInteger(12))), DateTimeOffset.UnixEpoch)];
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
        _session!.Apply(SettingsDocument.Empty.With(new Setting(SomeSchema.Path("services.web.workers"), new NixInteger(9))));
        Assert.Empty(_session.Changes);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _some.Dispose();
        }
    }

    private IRenderedComponent<OptionField> Open(string option, string nix = "", bool readOnly = false)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        var document = SettingsDocument.Of(NixReader.Settings(nix, path => path.Parts.Length > 2));
        _session = new FormSession(_some.Schema, new SettingsAt(null, document), document) { ReadOnly = readOnly };
        var field = Render<OptionField>(parameters => parameters.Add(f => f.Session, _session).Add(f => f.Path, SomeSchema.Path(option)));
        _session.Changed += (_, _) => field.Render();
        return field;
    }

    private NixValue? Value(string path) => _session!.Document.ValueAt(SomeSchema.Path(path));
}
