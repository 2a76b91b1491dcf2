using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Composition;

/// <summary>
/// The page that everybody sees first is asked for once while the database is prepared: what answers requests and draws pages is ready then, and the
/// first visitor does not wait half a second for it.
/// </summary>
internal static class FirstPage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="app">It listens.</param>
    public static async Task AskForFirstPageAsync(this WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var own = addresses.Select(static address => Uri.TryCreate(Welcome.Reachable(address), UriKind.Absolute, out var url) ? url : null).FirstOrDefault(IsPlain);
        if (own is null)
        {
            return;    // by TLS alone, or through a socket: not worth a certificate
        }

        try
        {
            using var straight = new SocketsHttpHandler { UseProxy = false };
            using var nobody = new HttpClient(straight) { BaseAddress = own, Timeout = Patience };
            await nobody.GetStringAsync(SignIn.Path);
        }
        catch (Exception unheard) when (unheard is HttpRequestException or TaskCanceledException)
        {
            app.Logger.LogDebug(unheard, "The first page was not drawn ahead");
        }
    }

    private static bool IsPlain(Uri? url) => url is { Scheme: "http", HostNameType: UriHostNameType.IPv4 or UriHostNameType.IPv6 } or { Scheme: "http", IsLoopback: true };
}
