using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OsModa.Dashboard.Composition;

namespace OsModa.Dashboard.Api;

/// <summary>What all addresses for programs have in common. See docs/api.md.</summary>
internal static class ProgramAnswers
{
    public const string Prefix = "/api/v1";

    /// <summary>For people who have signed in, so many at once.</summary>
    public static RouteHandlerBuilder MapProgram(this IEndpointRouteBuilder app, string path, Delegate answer) =>
        app.MapGet(path, answer).RequireAuthorization().RequireRateLimiting(RateLimits.Programs);

    /// <summary>A program is told with the status that belongs to it, where a browser is led to the page for signing in.</summary>
    public static void SayPlainly(CookieAuthenticationEvents events)
    {
        events.OnRedirectToLogin = Instead(events.OnRedirectToLogin, StatusCodes.Status401Unauthorized, "Nobody is signed in: send the cookie that signing in gives.");
        events.OnRedirectToAccessDenied = Instead(events.OnRedirectToAccessDenied, StatusCodes.Status403Forbidden, "Your account belongs to no organisation any more. Ask an owner to invite you.");
    }

    /// <summary>For an address that does more than read: another site's page may not lead a browser to it. Null: it comes from here, from a person or from a program.</summary>
    public static IResult? FromElsewhere(HttpRequest request) => request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none")
        ? Results.Problem("Another site's page led here, and what this address does is not for other sites to begin. Open it from the dashboard.", statusCode: StatusCodes.Status403Forbidden)
        : null;

    private static Func<RedirectContext<CookieAuthenticationOptions>, Task> Instead(Func<RedirectContext<CookieAuthenticationOptions>, Task> otherwise, int status, string detail) => context =>
        context.Request.Path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase) ? Results.Problem(detail, statusCode: status).ExecuteAsync(context.HttpContext) : otherwise(context);
}
