using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OsModa.Core.Accounts;

namespace OsModa.Dashboard.Identity;

/// <summary>Who is behind this circuit or this static page, with rights read for each call; see <see cref="Callers"/>.</summary>
public sealed class CurrentCaller(AuthenticationStateProvider authentication, Callers callers, OpenOrganisation organisation, SupportViews views, NavigationManager navigation)
{
    /// <summary>Answer to whoever acts when there is no caller any more; what they typed stays in the page.</summary>
    public const string SignedOut = "You are not signed in any more. Sign in in another tab, then do this again.";

    /// <summary>Null when nobody is signed in, or no longer, or not in the organisation any more whose page is open: send them to the sign-in page.</summary>
    /// <exception cref="Core.Ledger.Storing.LedgerDamagedException">That support looks at this page could not be written down.</exception>
    public async ValueTask<Caller?> ReadAsync(CancellationToken cancellationToken = default)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        var caller = organisation.Keep(await callers.ReadAsync(state.User, cancellationToken));
        if (caller is not null)
        {
            await views.SeenAsync(caller, $"/{navigation.ToBaseRelativePath(navigation.Uri).Split('?', '#')[0]}");
        }

        return caller;
    }
}

/// <summary>The same for hubs and endpoints, which know their user.</summary>
public static class CallersOfUsers
{
    public static async ValueTask<Caller?> ReadAsync(this Callers callers, ClaimsPrincipal? user, CancellationToken cancellationToken) =>
        user is not null && PersonClaims.Read(user) is { } claim && await callers.ReadAsync(claim, cancellationToken) is { } caller
            ? caller with { From = PersonClaims.AddressOf(user) }
            : null;
}
