using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Pages.Audit;
using OsModa.Dashboard.Pages.Configuration.Fleetwide;
using OsModa.Dashboard.Pages.Configuration.Remote;
using OsModa.Dashboard.Pages.FleetTable;
using OsModa.Dashboard.Pages.History;
using OsModa.Dashboard.Pages.Joining;
using OsModa.Dashboard.Pages.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Pages;

/// <summary>Somebody is signed in whose last organisation has put them out.</summary>
public sealed class PagesOfNobodyTests : PageRoom
{
    [Fact]
    public void The_fleet_leads_to_the_sign_in_page() => LeadsToSignIn<FleetPage>();

    [Fact]
    public void Adding_a_server_leads_to_the_sign_in_page() => LeadsToSignIn<AddPage>();

    [Fact]
    public void Operations_lead_to_the_sign_in_page() => LeadsToSignIn<OperationsPage>();

    [Fact]
    public void SafeSwitch_leads_to_the_sign_in_page() => LeadsToSignIn<SafeSwitchPage>();

    [Fact]
    public void The_ledger_leads_to_the_sign_in_page() => LeadsToSignIn<OrganisationPage>();

    [Fact]
    public void The_configuration_leads_to_the_sign_in_page() => LeadsToSignIn<FleetConfigurationPage>();

    [Fact]
    public void The_repository_leads_to_the_sign_in_page() => LeadsToSignIn<RemotePage>();

    [Fact]
    public void A_new_rollout_leads_to_the_sign_in_page() => LeadsToSignIn<NewRolloutPage>();

    protected override async Task ArrangeAsync()
    {
        var context = Database.OpenForAll();
        await using (context)
        {
            await context.Memberships.ExecuteDeleteAsync(Xunit.TestContext.Current.CancellationToken);
        }
    }

    private void LeadsToSignIn<TPage>()
        where TPage : IComponent
    {
        Render<TPage>();

        Assert.EndsWith(SignIn.Path, Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }
}
