using Radzen;

namespace OsModa.Dashboard.Composition;

/// <summary>Interactive pages over a circuit: how many are kept, how long, and how much memory each may take.</summary>
public static class BrowserPagesSetup
{
    /// <summary>The longest text that surely reaches the server from a field, in UTF-16 code units.</summary>
    /// <remarks>A browser says what a field holds twice in one message, and a sign takes six bytes at most there.</remarks>
    public const int LongestText = 80_000;

    private const int LongestMessage = 1024 * 1024;

    public static void AddBrowserPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents()
            .AddInteractiveServerComponents(circuit =>
            {
                circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
                circuit.DisconnectedCircuitMaxRetained = 500;
                circuit.MaxBufferedUnacknowledgedRenderBatches = 4;
                circuit.DetailedErrors = false;
            })
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = LongestMessage);
        builder.Services.AddRadzenComponents();
        builder.Services.AddCascadingAuthenticationState();
    }

    /// <summary>Maps all components that have a route; <typeparamref name="TRoot"/> is the document around them.</summary>
    public static void MapBrowserPages<TRoot>(this WebApplication app) =>
        app.MapRazorComponents<TRoot>().AddInteractiveServerRenderMode(server =>
        {
            // Measured: compression that keeps its window between messages is half of a circuit's memory.
            server.ConfigureWebSocketAcceptContext = (_, socket) =>
            {
                socket.DisableServerContextTakeover = true;
                return Task.CompletedTask;
            };
            server.ContentSecurityFrameAncestorsPolicy = null;    // SecurityHeaders says it for every answer
        });
}
