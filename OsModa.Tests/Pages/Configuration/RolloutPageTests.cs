using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Configuration;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.Dashboard.Pages.Configuration.Fleetwide;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

public sealed class RolloutPageTests : PageRoom
{
    private readonly Guid _id = Guid.CreateVersion7();
    private string _commit = new('a', 40);

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
    public async Task One_that_waits_is_given_up_by_a_second_click_and_stands_in_the_ledger()
    {
        await BeginAsync(RolloutState.Ready, RolloutServerState.Unchanged, RolloutServerState.Changes);
        var page = Open();

        await page.Find("button[data-stop]").ClickAsync(new());
        Assert.Contains("No server is touched by it any more.", page.Markup, StringComparison.Ordinal);
        await page.Find("button[data-stop]").ClickAsync(new());

        await page.WaitForAssertionAsync(() => Assert.Equal(["nothing changes", "not touched"], page.FindAll("tbody .state").Select(state => state.TextContent.Trim())));
        var over = (await Services.GetRequiredService<RolloutRows>().FindAsync(Ann, _id, Xunit.TestContext.Current.CancellationToken))!.Rollout;
        Assert.Equal((RolloutState.Stopped, $"{Ann.Name} gave it up. No server runs it because of this rollout."), (over.State, over.Outcome));
        Assert.NotNull(over.EndedAt);
        Assert.Empty(page.FindAll("button[data-stop]"));
        Assert.Equal("It is over already.", await Services.GetRequiredService<StopRollout>().RunAsync(Ann, _id, Xunit.TestContext.Current.CancellationToken));
        Assert.Equal("It is under way or over already.", await Services.GetRequiredService<ApplyRollout>().RunAsync(Ann, _id, new Dictionary<ServerId, string>(), Xunit.TestContext.Current.CancellationToken));
        var ledger = Services.GetRequiredService<LedgerQueries>();
        Assert.Contains("configuration.stop-rollout", ledger.Page(Ann.OrganisationId, LedgerFilter.Everything).Lines.Select(line => ledger.Entry(Ann.OrganisationId, line.Seq)?.Action?.Verb));
    }

    [Fact]
    public async Task One_that_is_on_its_way_stops_before_the_next_server()
    {
        await BeginAsync(RolloutState.Deploying, RolloutServerState.Deployed, RolloutServerState.Changes, RolloutServerState.Changes);

        Assert.Null(await Services.GetRequiredService<StopRollout>().RunAsync(Ann, _id, Xunit.TestContext.Current.CancellationToken));
        var page = Open();

        await page.WaitForAssertionAsync(() => Assert.Equal(["runs it", "not touched", "not touched"], page.FindAll("tbody .state").Select(state => state.TextContent.Trim())));
        await page.WaitForAssertionAsync(() => Assert.Contains($"{Ann.Name} stopped it. 1 of 3 servers run it; the others were not touched.", page.Find(".lead").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_only_look_stops_nothing()
    {
        await BeginAsync(RolloutState.Ready, RolloutServerState.Changes);

        Assert.NotNull(await Services.GetRequiredService<StopRollout>().RunAsync(Ann with { Role = OsModa.Core.Accounts.Role.Viewer }, _id, Xunit.TestContext.Current.CancellationToken));
        Assert.Equal("Your organisation has no such rollout.", await Services.GetRequiredService<StopRollout>().RunAsync(Ann with { OrganisationId = Guid.NewGuid() }, _id, Xunit.TestContext.Current.CancellationToken));
        Assert.Equal(RolloutState.Ready, (await Services.GetRequiredService<RolloutRows>().FindAsync(Ann, _id, Xunit.TestContext.Current.CancellationToken))!.Rollout.State);
    }

    [Fact]
    public async Task A_newer_commit_that_concerns_a_server_is_told()
    {
        var repository = await Services.GetRequiredService<ConfigurationRepositories>().OfAsync(Ann.OrganisationId);
        var words = new CommitWords("Ann", "", TimeProvider.System.GetUtcNow(), "A change", "");
        var first = await repository.CommitAsync(null, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/shop1/settings.json"] = [1], ["servers/shop2/settings.json"] = [1] }, words);
        await repository.CommitAsync(first, new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/shop2/settings.json"] = [2] }, words);
        _commit = first!.Value.Text;
        await BeginAsync(RolloutState.Ready, RolloutServerState.Changes, RolloutServerState.Changes);

        var page = Open();

        page.WaitForAssertion(() => Assert.Contains("A newer commit says something else of shop2.", page.Find(".notice.warning").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repository_that_cannot_be_opened_is_told_where_a_rollout_begins()
    {
        var server = await AddServerAsync("shop1");
        var parent = Directory.CreateDirectory(Path.Combine(Services.GetRequiredService<StorageSettings>().Folder, "repositories"));
        await File.WriteAllTextAsync(Path.Combine(parent.FullName, $"{Ann.OrganisationId:N}.git"), "", Xunit.TestContext.Current.CancellationToken);
        Assert.True(CommitId.TryParse(_commit, out var commit));

        GoTo($"/rollouts/new?commit={commit}");
        var page = Render<NewRolloutPage>();
        page.WaitForAssertion(() => Assert.Contains("cannot be written", page.Find(".notice").TextContent, StringComparison.Ordinal));

        var started = await Services.GetRequiredService<StartRollout>().RunAsync(Ann, new RolloutForm { Id = _id, Commit = commit, Servers = [server.Id] }, Xunit.TestContext.Current.CancellationToken);
        Assert.Contains("cannot be written", started.Errors[""], StringComparison.Ordinal);
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
            context.Rollouts.Add(new Rollout { Id = _id, OrganisationId = Ann.OrganisationId, Commit = _commit, Reason = "because", AuthorId = Ann.PersonId, AuthorName = Ann.Name, StartedAt = DateTimeOffset.UnixEpoch, State = state });
            context.RolloutServers.AddRange(servers.Select((server, index) => new RolloutServer { RolloutId = _id, ServerId = added[index].Id, OrganisationId = Ann.OrganisationId, Position = index, CheckId = Guid.CreateVersion7(), OperationId = Guid.CreateVersion7(), State = server }));
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }
    }
}
