using Microsoft.AspNetCore.Http.HttpResults;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Composition;

/// <summary>What is shown when there is nothing to show. What went wrong stands in our log, never in a browser.</summary>
internal static class ErrorPages
{
    public const string NothingHerePath = "/nothing-here";

    /// <summary>Instead of a page whose code failed. Written here and now: a second way through the application might fail as the first did.</summary>
    public static void UseBrokenPage(this WebApplication app) =>
        app.UseExceptionHandler(broken => broken.Run(http =>
        {
            app.Logger.LogError("What broke on {Method} {Path} was shown with the mark {Mark}", http.Request.Method, http.Request.Path, http.TraceIdentifier);
            return Page(StatusCodes.Status500InternalServerError, http).ExecuteAsync(http);
        }));

    /// <summary>For answers without a body, such as of an address that leads nowhere; reached by the methods of those requests, so by any.</summary>
    public static void MapErrorPages(this WebApplication app) => app
        .Map(NothingHerePath, (HttpContext http, int? status) => Page(status is >= 400 and <= 599 ? status.Value : StatusCodes.Status404NotFound, http))
        .AllowAnonymous().DisableAntiforgery();

    private static RazorComponentResult<ErrorPage> Page(int status, HttpContext http) =>
        new(new { Status = status, Trace = http.TraceIdentifier, SignedIn = PersonClaims.Read(http.User) is not null }) { StatusCode = status, PreventStreamingRendering = true };
}
