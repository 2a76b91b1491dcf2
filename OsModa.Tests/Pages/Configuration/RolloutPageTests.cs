using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Configuration.Fleetwide;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

public sealed class RolloutPageTests : PageRoom
{
    private readonly Guid _id = Guid.CreateVersion7();

    [Fact]
    public async Task Whose_system_changes_is_shown_and_nothing_is_switched_without_the_typed_name()
    {
        await BeginAsync(RolloutState.Ready, RolloutServerState.Unchanged, RolloutServerState.Changes);
        var page = Open();

        Assert.Contains("nothing changes", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("shop2", page.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Contains("Type shop2 to confirm.", page.Find(".notice").TextContent, StringComparison.Ordinal));
        Assert.Equal(RolloutState.Ready, (await Services.GetRequiredService<RolloutRows>().FindAsync(Ann, _id, Xunit.TestContext.Current.CancellationToken))?.Rollout.State);
    }

    [Fact]
    public async Task A_rollout_that_ended_tells_of_each_server_and_offers_nothing_more()
    {
        await BeginAsync(RolloutState.Stopped, RolloutServerState.Failed, RolloutServerState.Skipped);
        var page = Open();

        Assert.Equal(["rolled back", "not touched"], page.FindAll("tbody .state").Select(state => state.TextContent.Trim()));
        Assert.Empty(page.FindAll("form"));
    }

    [Fact]
    public void An_address_without_a_commit_leads_back()
    {
        GoTo("/rollouts/new?commit=nonsense");
        var page = Render<NewRolloutPage>();

        page.WaitForAssertion(() => Assert.Contains("names no commit of your repository", page.Markup, StringComparison.Ordinal));
    }

    private IRenderedComponent<RolloutPage> Open() => Render<RolloutPage>(parameters => parameters.Add(page => page.Id, _id));

    private async Task BeginAsync(RolloutState state, params RolloutServerState[] servers)
    {
        var added = new List<Server>();
        foreach (var (_, index) in servers.Select((server, index) => (server, index)))
        {
            added.Add(await AddServerAsync($"shop{index + 1}", "production"));
        }

        var context = Database.OpenFor(Ann);
        await using (context)
        {
            context.Rollouts.Add(new Rollout { Id = _id, OrganisationId = Ann.OrganisationId, Commit = new string('a', 40), Reason = "because", AuthorId = Ann.PersonId, AuthorName = Ann.Name, StartedAt = DateTimeOffset.UnixEpoch, State = state });
            context.RolloutServers.AddRange(servers.Select((server, index) => new RolloutServer { RolloutId = _id, ServerId = added[index].Id, OrganisationId = Ann.OrganisationId, Position = index, CheckId = Guid.CreateVersion7(), OperationId = Guid.CreateVersion7(), State = server }));
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }
    }
}
