using Microsoft.AspNetCore.Authentication.Cookies;

namespace OsModa.Dashboard.Identity;

/// <summary>
/// Over HTTPS the cookie's name begins with <c>__Host-</c>, so that browsers take it from this very host only and never send it
/// in the clear (RFC 6265bis section 4.1.3.2). Over plain HTTP, on the machine itself, browsers refuse such a name.
/// </summary>
internal sealed class HostPrefixedCookies : ICookieManager
{
    private readonly ChunkingCookieManager _inner = new();

    public string? GetRequestCookie(HttpContext context, string key) => _inner.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _inner.AppendResponseCookie(context, Name(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _inner.DeleteCookie(context, Name(context, key), options);

    private static string Name(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;
}
