using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using OsModa.Core.Accounts;

namespace OsModa.Dashboard.Identity;

/// <summary>
/// A circuit outlives the request that opened it: every half minute its person is looked at again, and a circuit of somebody who
/// was removed, from the organisation whose pages are open too, or changed the password, or signed in too long ago, becomes one of nobody.
/// </summary>
internal sealed class RevalidatingSession(ILoggerFactory logs, Callers callers, OpenOrganisation organisation, TimeProvider time) : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        !PersonClaims.IsTooOld(authenticationState.User, time.GetUtcNow())
        && organisation.Keep(await callers.ReadAsync(authenticationState.User, cancellationToken)) is not null;
}
