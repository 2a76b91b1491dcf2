using Bunit;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>What holds other values: words, rows, members with names, sub-modules.</summary>
public sealed class SetAndListFieldTests : FieldRoom
{
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
            Session.Document.Settings.Keys.Select(path => path.Text));
        Assert.Contains(field.FindAll(".member .field label"), label => label.TextContent == "ssh.keys");
        field.FindAll(".member-body > p > button")[^1].Click();
        Assert.Empty(Session.Document.Settings);
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
}
