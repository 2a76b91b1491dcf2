using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class RollbackSheetTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public void It_says_what_would_happen_as_the_server_answers()
    {
        var page = Open();

        page.WaitForAssertion(() => Assert.Equal(["nginx", "scout"], page.FindAll(".effects .chip").Take(2).Select(chip => chip.TextContent)));
        Assert.Contains("chip-red", page.FindAll(".effects .chip")[2].ClassList);
        Assert.Contains("1204 paths", page.Find(".checks").TextContent, StringComparison.Ordinal);
        Assert.Equal("Roll back web1 to generation 41", page.Find("dialog .button-primary").TextContent);
    }

    [Fact]
    public void Cancel_has_the_focus_and_leads_to_the_page_without_the_sheet()
    {
        var page = Open();

        var cancel = page.Find("dialog [data-focus]");
        Assert.Equal("Cancel", cancel.TextContent);
        Assert.Equal($"/servers/{_web1.Id}/generations", cancel.GetAttribute("href"));
    }

    [Fact]
    public async Task Production_asks_for_a_reason_and_the_name_at_their_fields()
    {
        var page = Open();

        await SubmitAsync(page);
        page.WaitForAssertion(() => Assert.Contains("Say why", page.Find("#reason-error").TextContent, StringComparison.Ordinal));

        await ChangeAsync(page, "#reason", "scribe is slow");
        await ChangeAsync(page, "#typed-name", "web2");
        await SubmitAsync(page);
        page.WaitForAssertion(() => Assert.Equal("Type web1 to confirm.", page.Find("#typed-name-error").TextContent));
        Assert.Empty(await Services.GetRequiredService<OperationHistory>().OfServerAsync(Ann, _web1.Id, cancellationToken: Xunit.TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_click_starts_one_operation_and_the_sheet_becomes_its_watch()
    {
        var page = Open();
        await ChangeAsync(page, "#reason", "scribe is slow");
        await ChangeAsync(page, "#typed-name", "web1");

        await SubmitAsync(page);

        page.WaitForAssertion(() => Assert.Equal("Going back to 41", page.Find("#sheet-title").TextContent));
        var operation = Assert.Single(await Services.GetRequiredService<OperationHistory>().OfServerAsync(Ann, _web1.Id, cancellationToken: Xunit.TestContext.Current.CancellationToken));
        Assert.Equal("scribe is slow", operation.Reason);
        Assert.EndsWith($"?operation={operation.Id}", Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_person_joins_the_operation_that_runs()
    {
        var first = Open();
        await ChangeAsync(first, "#reason", "scribe is slow");
        await ChangeAsync(first, "#typed-name", "web1");
        await SubmitAsync(first);
        first.WaitForAssertion(() => Assert.Equal("Going back to 41", first.Find("#sheet-title").TextContent));

        GoTo($"/servers/{_web1.Id}/generations?rollback=40");
        var second = Open();

        second.WaitForAssertion(() => Assert.Equal("Going back to 41", second.Find("#sheet-title").TextContent));
    }

    [Fact]
    public async Task The_generation_that_runs_is_not_offered()
    {
        GoTo($"/servers/{_web1.Id}/generations?rollback=42");
        var page = Open();

        Assert.Equal("42 runs already", page.Find("#sheet-title").TextContent);
        Assert.Empty(page.FindAll("dialog .button-primary"));
        Assert.Equal("Close", page.Find("dialog [data-focus]").TextContent);

        await page.InvokeAsync(() => Fleet.Update(_web1.Id, state => Running(state, current: 43)));
        page.WaitForAssertion(() => Assert.Equal("Back from 43 to 42", page.Find("#sheet-title").TextContent));
        Assert.NotEmpty(page.FindAll("dialog .button-primary"));
    }

    [Fact]
    public async Task What_only_a_restart_brings_waits_for_one_unless_the_person_asks_for_it()
    {
        Shell.Answer = (script, _) => script switch
        {
            "start-switch.sh" => ["started"],
            "preview.sh" => ["check\tinit\tfailed\tIt has another init.", "end\t-"],
            _ => [],
        };
        var page = Open();
        page.WaitForAssertion(() => Assert.Equal("Make 41 the next boot of web1", page.Find("dialog .button-primary").TextContent));
        Assert.Equal(2, page.FindAll(".ways input").Count);
        Assert.Empty(page.FindAll(".plan-fold"));

        await page.InvokeAsync(() => page.FindAll(".ways input")[1].Change("on"));

        Assert.Equal("Restart web1 into generation 41", page.Find("dialog .button-primary").TextContent);
        Assert.Contains("web1 restarts at once", page.Find("dialog .notice").TextContent, StringComparison.Ordinal);
        Assert.Contains("After the restart", page.Find(".plan-words").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("#plan-stand"));
        await ChangeAsync(page, "#reason", "the new init");
        await ChangeAsync(page, "#typed-name", "web1");
        await SubmitAsync(page);

        page.WaitForAssertion(() => Assert.Equal("Restarting into 41", page.Find("#sheet-title").TextContent));
        var operation = Assert.Single(await Services.GetRequiredService<OperationHistory>().OfServerAsync(Ann, _web1.Id, cancellationToken: Xunit.TestContext.Current.CancellationToken));
        Assert.Equal((OperationKind.Deploy, true, false), (operation.Kind, operation.ByRestart, operation.OnlyNextBoot));
    }

    [Fact]
    public void Where_osmoda_watch_has_a_switch_on_probation_it_stops_and_says_so()
    {
        Shell.Answer = (script, _) => script == "preview.sh" ? ["check\tupstream\tfailed\tosmoda-watch has one of its own on probation.", "end\t0"] : [];

        var page = Open();

        page.WaitForAssertion(() => Assert.StartsWith("No switch of osmoda-watch", page.Find(".checks b").TextContent, StringComparison.Ordinal));
        Assert.Contains("on probation", page.Find(".checks").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("dialog .button-primary").HasAttribute("disabled"));
    }

    [Fact]
    public async Task What_hinders_only_for_a_moment_is_asked_for_once_more()
    {
        Shell.Answer = (script, _) => script == "preview.sh" ? ["check\tlock\tfailed\tSomebody is switching this server.", "end\t1"] : [];
        var page = Open();
        page.WaitForAssertion(() => Assert.True(page.Find("dialog .button-primary").HasAttribute("disabled")));

        Shell.Answer = (script, _) => script == "preview.sh" ? ["check\tlock\tok\t", "end\t0"] : [];
        await page.InvokeAsync(() => page.FindAll("dialog .button-plain").Single(button => button.TextContent == "Ask again").Click());

        page.WaitForAssertion(() => Assert.False(page.Find("dialog .button-primary").HasAttribute("disabled")));
        page.WaitForAssertion(() => Assert.DoesNotContain(page.FindAll("dialog .button-plain"), button => button.TextContent == "Ask again"));
    }

    [Theory]
    [InlineData(41, false)]
    [InlineData(43, true)]
    public void A_full_disk_hinders_the_way_forward_and_not_the_way_back(int to, bool hindered)
    {
        Shell.Answer = (script, _) => script == "preview.sh" ? ["check\tdisk\tfailed\tOnly 3 MiB are free on /.", "end\t0"] : [];
        GoTo($"/servers/{_web1.Id}/generations?rollback={to}");

        var page = Open();

        page.WaitForAssertion(() => Assert.Contains("Only 3 MiB", page.Find(".checks").TextContent, StringComparison.Ordinal));
        Assert.Equal(hindered, page.Find("dialog .button-primary").HasAttribute("disabled"));
    }

    [Fact]
    public void An_agent_that_the_target_does_not_have_is_not_watched_there()
    {
        Fleet.Update(_web1.Id, state => state with { Units = state.Units.SetItem(UnitName.Parse("scout.service"), Unit("scout.service") with { Agent = "scout" }) });
        Shell.Answer = (script, arguments) => script == "preview.sh" ? [$"missing\t{arguments[2]}", "check\twatch\twarn\tIt has no unit scout.service.", "end\t0"] : [];
        GoTo($"/servers/{_web1.Id}/generations?rollback=43");

        var page = Open();

        page.WaitForAssertion(() => Assert.Contains("It has no unit scout.service.", page.Find(".checks").TextContent, StringComparison.Ordinal));
        Assert.Equal("", page.Find("#plan-watched").GetAttribute("value") ?? page.Find("#plan-watched").TextContent);
    }

    protected override async Task ArrangeAsync()
    {
        Shell.Answer = (script, _) => script switch
        {
            "start-switch.sh" => ["started"],
            "preview.sh" => ["check\tvalid\tok\t1204 paths", "check\tlock\tok\t", "would\twould restart the following units: nginx.service, scout.service", "would\twould reload the following units: nftables.service", "end\t0"],
            _ => [],
        };
        _web1 = await AddServerAsync("web1", "production");
        Fleet.Update(_web1.Id, state => Running(state));
        GoTo($"/servers/{_web1.Id}/generations?rollback=41");
    }

    // Within the page's own turn: the preview may redraw the sheet at any moment.
    private static Task ChangeAsync(IRenderedComponent<GenerationsPage> page, string field, string text) => page.InvokeAsync(() => page.Find(field).Change(text));

    private static Task SubmitAsync(IRenderedComponent<GenerationsPage> page) => page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

    private IRenderedComponent<GenerationsPage> Open() => Render<GenerationsPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));
}
