using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class UndoButtonTests : PageRoom
{
    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_click_takes_a_rollback_back_though_it_was_given_a_reason()
    {
        var (server, done) = await RolledBackAsync();
        var page = Open(server, done);

        var undo = page.Find("dialog .sheet-foot button");
        Assert.Equal("Undo: forward to 42", undo.TextContent);
        await undo.ClickAsync(new());

        page.WaitForAssertion(() => Assert.Equal("Going forward to 42", page.Find("#sheet-title").TextContent));
        var history = await Services.GetRequiredService<OperationHistory>().OfServerAsync(Ann, server.Id, cancellationToken: Stop);
        Assert.Equal([42, 41], history.Select(operation => operation.TargetGeneration));
    }

    [Fact]
    public async Task On_a_production_server_it_leads_to_the_sheet_that_asks_for_reason_and_name()
    {
        var (server, done) = await RolledBackAsync("production");
        var page = Open(server, done);

        Assert.Equal($"/servers/{server.Id}/generations?rollback=42&undo={done}", page.Find("dialog .sheet-foot a").GetAttribute("href"));

        Services.GetRequiredService<NavigationManager>().NavigateTo($"/servers/{server.Id}/generations?rollback=42&undo={done}");
        var sheet = Render<GenerationsPage>(parameters => parameters.Add(p => p.Id, server.Id.Value));
        sheet.WaitForAssertion(() => Assert.NotEmpty(sheet.FindAll("#typed-name")));
        Assert.Empty(sheet.FindAll("dialog .tick"));
    }

    [Fact]
    public async Task What_is_not_there_any_more_cannot_be_taken_back()
    {
        var (server, done) = await RolledBackAsync();
        Fleet.Update(server.Id, state => Running(state, current: 43));

        var page = Open(server, done);

        Assert.DoesNotContain("Undo", page.Find("dialog .sheet-foot").TextContent, StringComparison.Ordinal);
    }

    private async Task<(Server Server, Guid Operation)> RolledBackAsync(string? tags = null)
    {
        var server = await AddServerAsync("web1", tags);
        Fleet.Update(server.Id, state => Running(state, current: 41));
        var done = Guid.CreateVersion7();
        await using var context = Database.OpenFor(Ann);
        context.Operations.Add(new Operation
        {
            Id = done, OrganisationId = Ann.OrganisationId, ServerId = server.Id, Kind = OperationKind.RollBack, TargetGeneration = 41, TargetSystem = SystemOf(41).Text,
            FromGeneration = 42, FromSystem = SystemOf(42).Text, Reason = "scribe is slow", AuthorId = Ann.PersonId, AuthorName = "Ben", StartedAt = DateTimeOffset.UnixEpoch.AddDays(60), State = OperationState.Verified,
        });
        await context.SaveChangesAsync(Stop);
        return (server, done);
    }

    private IRenderedComponent<GenerationsPage> Open(Server server, Guid operation)
    {
        GoTo($"/servers/{server.Id}/generations?operation={operation}");
        return Render<GenerationsPage>(parameters => parameters.Add(p => p.Id, server.Id.Value));
    }
}
