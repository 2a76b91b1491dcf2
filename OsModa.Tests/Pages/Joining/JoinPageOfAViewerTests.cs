using Bunit;
using OsModa.Core.Accounts;
using OsModa.Dashboard.Pages.Joining;
using Xunit;

namespace OsModa.Tests.Pages.Joining;

public sealed class JoinPageOfAViewerTests : PageRoom
{
    protected override Role Role => Role.Viewer;

    [Fact]
    public async Task Who_is_no_owner_is_told_whom_to_ask_and_sees_no_key()
    {
        var web1 = await AddServerAsync("web1");

        var page = Render<JoinPage>(parameters => parameters.Add(p => p.Id, web1.Id.Value));

        Assert.Contains("Only owners of your organisation connect servers. Ask one of them to finish this.", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("pre"));
    }
}
