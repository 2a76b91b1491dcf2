using Microsoft.AspNetCore.Http.HttpResults;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Composition;

/// <summary>What is shown when there is nothing to show. What went wrong stands in our log, never in a browser.</summary>
internal static class ErrorPages
{
    public const string BrokenPath = "/error";
    public const string NothingHerePath = "/nothing-here";

    public static void MapErrorPages(this WebApplication app)
    {
        // Reached by the methods of the requests that failed, so by any.
        app.Map(BrokenPath, (HttpContext http) => Page(StatusCodes.Status500InternalServerError, http)).AllowAnonymous().DisableAntiforgery();
        app.Map(NothingHerePath, (HttpContext http, int? status) => Page(status is >= 400 and <= 599 ? status.Value : StatusCodes.Status404NotFound, http))
            .AllowAnonymous().DisableAntiforgery();
    }

    private static RazorComponentResult<ErrorPage> Page(int status, HttpContext http) =>
        new(new { Status = status, Trace = http.TraceIdentifier }) { StatusCode = status, PreventStreamingRendering = true };
}
