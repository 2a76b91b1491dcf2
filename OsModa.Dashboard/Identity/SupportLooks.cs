using Microsoft.AspNetCore.Authorization;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Dashboard.Identity;

/// <summary>Pages, programs and hubs that support asks for are written down before they answer. What is opened within a page that is live already: <see cref="CurrentCaller"/>.</summary>
internal static class SupportLooks
{
    private const string Circuits = "/_blazor";

    public static void UseSupportLooks(this IApplicationBuilder app)
    {
        var (callers, views) = (app.ApplicationServices.GetRequiredService<Callers>(), app.ApplicationServices.GetRequiredService<SupportViews>());
        app.Use(async (http, next) =>
        {
            if (IsLook(http) && await callers.ReadAsync(http.User, http.RequestAborted) is { Role: Role.Support } caller)
            {
                try
                {
                    await views.SeenAsync(caller, http.Request.Path);
                }
                catch (LedgerDamagedException)
                {
                    http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    return;
                }
            }

            await next(http);
        });
    }

    private static bool IsLook(HttpContext http) =>
        (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsConnect(http.Request.Method))
        && http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        && !http.Request.Path.StartsWithSegments(Circuits, StringComparison.Ordinal);
}
