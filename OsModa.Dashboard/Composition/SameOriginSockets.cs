using Microsoft.AspNetCore.SignalR;

namespace OsModa.Dashboard.Composition;

/// <summary>
/// Browsers send cookies with WebSockets to any site and CORS does not stop them, so another site could open a hub as the person
/// who visits it. Every request to a hub, and every upgrade, has to name an origin that is ours: one listed in the setting
/// <c>AllowedOrigins</c>, or without that the address it was sent to, which is what the request says of itself.
/// </summary>
internal sealed class SameOriginSockets(RequestDelegate next, IConfiguration configuration)
{
    private readonly string[] _allowed = configuration.GetSection("AllowedOrigins").Get<string[]>() ?? [];

    public async Task InvokeAsync(HttpContext context)
    {
        var isHub = context.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is not null;
        if ((isHub || IsUpgrade(context.Request)) && !IsOurs(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("The Origin of this request is not this dashboard.");
            return;
        }

        await next(context);
    }

    // By the header, because the WebSocket middleware has not looked yet; CONNECT is how HTTP/2 upgrades.
    private static bool IsUpgrade(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method) || request.Headers.Upgrade.Any(u => u?.Contains("websocket", StringComparison.OrdinalIgnoreCase) == true);

    private bool IsOurs(HttpRequest request)
    {
        if (request.Headers.Origin is not [{ } origin])
        {
            // Browsers leave it out of a GET to their own site, which long polling is made of, and say where it comes from otherwise.
            return request.Headers.Origin.Count == 0 && HttpMethods.IsGet(request.Method) && !IsUpgrade(request) && request.Headers["Sec-Fetch-Site"] == "same-origin";
        }

        return _allowed.Length > 0
            ? _allowed.Contains(origin, StringComparer.OrdinalIgnoreCase)
            : string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
