using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Rollback;
using OsModa.Dashboard.Pages.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class SafeSwitchPageTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public void Without_a_run_it_says_how_to_get_the_first_time()
    {
        var page = Render<SafeSwitchPage>();

        page.WaitForAssertion(() => Assert.Contains("A drill on a test server", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("figure"));
        Assert.Contains("No system is in quarantine", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plot_and_the_table_beside_it_tell_the_same_times()
    {
        await AddAsync(Run(0.4, 1.6), Run(0.2, 1.1), Run(0.3, 2.4));

        var page = Render<SafeSwitchPage>();

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".plot-well").Count));
        Assert.Contains("half of them were well again within 1.6 s, all within 2.4 s", page.Find("figcaption").TextContent, StringComparison.Ordinal);
        Assert.Contains("1.6 s", page.FindAll(".runs td[data-name=verified]").Select(cell => cell.TextContent));
    }

    [Fact]
    public async Task Each_run_of_the_plot_says_what_it_was_and_leads_to_its_operation()
    {
        var slow = Run(0.04, 2.4);
        await AddAsync(Run(0.2, 1.1), slow);

        var page = Render<SafeSwitchPage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".plot-link").Count));
        var link = page.FindAll(".plot-link").Single(link => link.GetAttribute("href") == $"/servers/{_web1.Id}/operations/{slow.Id}");
        Assert.StartsWith("web1 to ", link.QuerySelector("title")!.TextContent, StringComparison.Ordinal);
        Assert.EndsWith("UTC: noticed after 0.04 s, verified at 2.4 s", link.QuerySelector("title")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll(".plot-days time").Count);
    }

    [Fact]
    public async Task A_system_is_let_in_again_only_with_a_reason()
    {
        await AddAsync(Run(0.4, 1.6));
        var page = Render<SafeSwitchPage>();
        page.WaitForElement(".quarantine .button").Click();

        await page.Find(".lift").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal("Say why it may be activated again.", page.Find(".lift .error").TextContent));
        await page.Find(".lift input").ChangeAsync(new() { Value = "the agent was fixed" });
        await page.Find(".lift").SubmitAsync();

        page.WaitForAssertion(() => Assert.Contains("the agent was fixed", page.Find(".quarantine .is-lifted").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_drill_asks_for_a_server_at_its_field()
    {
        GoTo("/safeswitch?drill=choose");
        var page = Render<SafeSwitchPage>();
        page.WaitForElement("dialog form");

        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());

        page.WaitForAssertion(() => Assert.Equal("Choose the server that the drill is for.", page.Find("#drill-server-error").TextContent));
    }

    [Fact]
    public void On_probation_the_plan_says_what_brings_it_back_and_errors_stand_at_their_fields()
    {
        var form = PlanForm.Of(OsModa.Core.SafeSwitch.SwitchPlan.Deployment, []) with { Confirmer = Confirmer.Person };
        var errors = (form with { Probation = "soon" }).Check(OsModa.Core.SafeSwitch.SwitchPlan.Deployment).Errors;

        var fields = Render<PlanFields>(parameters => parameters.Add(p => p.Form, form).Add(p => p.Errors, errors).Add(p => p.Agents, []));

        Assert.Equal("The server watches itself for 10 s and goes back by itself when a unit crashes, or nobody presses Keep within 30 s.", fields.Find(".plan-words").TextContent);
        Assert.Contains("Probation is from 0", fields.Find("#plan-probation-error").TextContent, StringComparison.Ordinal);
        Assert.True(fields.Find("details").HasAttribute("open"));
    }

    protected override async Task ArrangeAsync() => _web1 = await AddServerAsync("web1");

    private async Task AddAsync(params Operation[] runs)
    {
        var context = Database.OpenFor(Ann);
        await using (context)
        {
            context.Operations.AddRange(runs);
            context.Quarantines.Add(new Quarantine { Id = Guid.NewGuid(), OrganisationId = Ann.OrganisationId, System = SystemOf(43).Text, ServerId = _web1.Id, Generation = 43, OperationId = runs[0].Id, Reason = "scout crashed", At = TimeProvider.System.GetUtcNow() });
            await context.SaveChangesAsync();
        }
    }

    private Operation Run(double noticed, double verified) => new()
    {
        Id = Guid.CreateVersion7(), OrganisationId = Ann.OrganisationId, ServerId = _web1.Id, Kind = OperationKind.Deploy, TargetGeneration = 43, TargetSystem = SystemOf(43).Text, FromGeneration = 42, FromSystem = SystemOf(42).Text,
        Reason = "", AuthorId = Ann.PersonId, AuthorName = Ann.Name, StartedAt = TimeProvider.System.GetUtcNow(), State = OperationState.RolledBack, Verdict = SwitchVerdict.RolledBack,
        Noticed = TimeSpan.FromSeconds(noticed), Decided = TimeSpan.FromSeconds(noticed), SwitchedBack = TimeSpan.FromSeconds(verified - 0.2), Recovered = TimeSpan.FromSeconds(verified),
    };
}
