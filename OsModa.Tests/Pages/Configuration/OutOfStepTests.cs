using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Configuration.Fleetwide;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

/// <summary>The page of all servers tells which do not run what the repository says.</summary>
public sealed class OutOfStepTests : PageRoom
{
    [Fact]
    public async Task A_server_that_runs_what_no_commit_came_to_is_listed_and_goes_when_it_is_back_in_step()
    {
        var repository = await Services.GetRequiredService<ConfigurationRepositories>().OfAsync(Ann.OrganisationId);
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { ["servers/web1/default.nix"] = [.. "{ }"u8], ["servers/web2/default.nix"] = [.. "{ }"u8] };
        var commit = Assert.NotNull(await repository.CommitAsync(null, files, new CommitWords("Ann", "", TimeProvider.System.GetUtcNow(), "Two servers", "")));
        var web1 = await AddAsync("web1", commit);
        await AddAsync("web2", commit);
        await AddServerAsync("web3");
        Fleet.Update(web1.Id, state => Running(state, current: 43));

        var page = Render<FleetConfigurationPage>();

        page.WaitForAssertion(() => Assert.Contains("web1 runs a system that did not come from the repository", Assert.Single(page.FindAll(".out-of-step li")).TextContent, StringComparison.Ordinal));
        Assert.Equal($"/servers/{web1.Id}/configuration", page.Find(".out-of-step li a").GetAttribute("href"));
        page.WaitForAssertion(() => Assert.Contains("Not in the repository yet: 1 server.", page.Find(".out-of-step").TextContent, StringComparison.Ordinal));

        Fleet.Update(web1.Id, state => Running(state));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".out-of-step li")));
    }

    private async Task<Server> AddAsync(string name, CommitId commit)
    {
        var server = await AddServerAsync(name);
        await AdoptAsync(server);
        Fleet.Update(server.Id, state => Running(state));
        var context = Database.OpenFor(Ann);
        await using (context)
        {
            context.CheckRuns.Add(new CheckRun
            {
                Id = Guid.CreateVersion7(), OrganisationId = Ann.OrganisationId, ServerId = server.Id, Commit = commit.Text, IsDraft = false, AuthorId = Ann.PersonId, AuthorName = Ann.Name,
                StartedAt = TimeProvider.System.GetUtcNow(), State = CheckState.Passed, System = SystemOf(42).Text,
            });
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }

        return server;
    }
}
