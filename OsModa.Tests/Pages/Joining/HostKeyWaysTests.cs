using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Joining;
using OsModa.Tests.Servers;
using Xunit;

namespace OsModa.Tests.Pages.Joining;

public sealed class HostKeyWaysTests : PageRoom
{
    private Server _web1 = null!;

    [Fact]
    public async Task Another_key_is_taken_with_a_reason_only_and_then_stands_in_place_of_the_first()
    {
        var taken = 0;
        var ways = Open(Ann, () => taken++, SomeKeys.Number(2));

        await ways.InvokeAsync(() => ways.Find("form").SubmitAsync());
        Assert.Contains("Say why the server has another key now", ways.Find("#reason-error").TextContent, StringComparison.Ordinal);
        Assert.Equal([SomeKeys.Number(1).Fingerprint], await PinnedAsync());

        await ways.InvokeAsync(() => ways.Find("#reason").Change("installed anew"));
        await ways.InvokeAsync(() => ways.Find("form").SubmitAsync());

        ways.WaitForAssertion(() => Assert.Equal(1, taken));
        Assert.Equal([SomeKeys.Number(2).Fingerprint], await PinnedAsync());
    }

    [Fact]
    public void What_nobody_has_seen_cannot_be_accepted() =>
        Assert.True(Open(Ann, static () => { }).Find("button[type=submit]").HasAttribute("disabled"));

    [Fact]
    public void An_operator_is_told_whom_to_ask()
    {
        var ways = Open(Ann with { Role = Role.Operator }, static () => { }, SomeKeys.Number(2));

        Assert.Contains("Your role is operator. Ask an owner of your organisation.", ways.Markup.Replace("<b>", "", StringComparison.Ordinal).Replace("</b>", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(ways.FindAll("form"));
    }

    [Fact]
    public async Task The_page_of_a_changed_key_says_since_when_and_shows_the_accepted_one()
    {
        await using (var context = Database.OpenFor(Ann))
        {
            (await context.Servers.SingleAsync(Xunit.TestContext.Current.CancellationToken)).HostKeyAlarm = new HostKeyAlarm { SeenAt = DateTimeOffset.UnixEpoch, Shown = [SomeKeys.Number(2).Fingerprint] };
            await context.SaveChangesAsync(Xunit.TestContext.Current.CancellationToken);
        }

        var page = Render<HostKeyPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

        Assert.Contains("shows another key than the one that was accepted", page.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.Equal(SomeKeys.Number(1).Fingerprint, page.Find(".keys code").TextContent);
        Assert.Single(page.FindAll("#reason"));
        page.WaitForAssertion(() => Assert.Contains("Its keys could not be read.", page.Markup, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_a_change_of_its_own_key_can_be_accepted_on_its_page(bool own)
    {
        var fault = new ConnectionFault(ConnectionFaultKind.HostKeyChanged, "Another key.") { KeyOf = own ? _web1.Id : ServerId.New() };
        Fleet.Update(_web1.Id, state => state with { Reach = Reach.Stopped, Fault = fault });

        var page = Render<HostKeyPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

        Assert.Equal(own ? 1 : 0, page.FindAll("#reason").Count);
        // The picture of the accepted one stands there to be held against that of the other.
        Assert.Equal(own ? Randomart.Draw(SomeKeys.Number(1)) : null, page.FindAll(".keys .randomart").SingleOrDefault()?.TextContent);
    }

    [Theory]
    [InlineData(true, "▲ Host key of web1 · osModa")]
    [InlineData(false, "Host key of web1 · osModa")]
    public void Only_a_key_that_differs_warns_in_the_title(bool differs, string title)
    {
        var fault = differs ? new ConnectionFault(ConnectionFaultKind.HostKeyChanged, "Another key.") { KeyOf = _web1.Id } : null;
        Fleet.Update(_web1.Id, state => state with { Fault = fault });

        var page = Render<HostKeyPage>(parameters => parameters.Add(p => p.Id, _web1.Id.Value));

        Assert.Equal(title, Render(page.FindComponent<PageTitle>().Instance.ChildContent!).Markup);
    }

    protected override async Task ArrangeAsync()
    {
        var added = await Services.GetRequiredService<AddServer>().RunAsync(Ann, new ServerForm("web1", "web1.invalid", "22", "root"), Xunit.TestContext.Current.CancellationToken);
        _web1 = added.Value!;
        await Services.GetRequiredService<AcceptHostKeys>().RunAsync(Ann, _web1.Id, [SomeKeys.Number(1)], reason: null, Xunit.TestContext.Current.CancellationToken);
        Fleet.Update(_web1.Id, static state => state);
    }

    private IRenderedComponent<HostKeyWays> Open(Caller caller, Action taken, params HostKey[] shown) => Render<HostKeyWays>(parameters => parameters
        .Add(w => w.Server, ServerCard.Of(_web1)).Add(w => w.Caller, caller).Add(w => w.Shown, shown.Length == 0 ? null : shown).Add(w => w.OnAccepted, taken));

    private async Task<List<string>> PinnedAsync()
    {
        await using var context = Database.OpenFor(Ann);
        return [.. (await context.Servers.AsNoTracking().SingleAsync(Xunit.TestContext.Current.CancellationToken)).HostKeys.Select(key => key.Fingerprint)];
    }
}
