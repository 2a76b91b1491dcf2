using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace OsModa.Dashboard.Identity;

/// <summary>
/// Somebody of several organisations works in one at a time, in each browser as they like. The choice is a cookie and no secret:
/// whether the person belongs there is asked of the database at each call. Where the browser is, which the ledger wants to know, is noted on the way.
/// </summary>
internal sealed class ChosenOrganisation(IHttpContextAccessor accessor) : IClaimsTransformation
{
    private const string Cookie = "osmoda-organisation";

    public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (principal.Identity is not ClaimsIdentity || accessor.HttpContext is not { } http)
        {
            return Task.FromResult(principal);
        }

        Guid? organisation = Guid.TryParse(http.Request.Cookies[Cookie], out var chosen) ? chosen : null;
        return Task.FromResult(PersonClaims.With(principal, organisation, http.BrowserAddress()));
    }

    public static void Keep(HttpContext http, Guid organisation) => http.Response.Cookies.Append(Cookie, organisation.ToString(), new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        MaxAge = TimeSpan.FromDays(365),
        IsEssential = true,
    });

    public static void Drop(HttpContext http) => http.Response.Cookies.Delete(Cookie);
}
