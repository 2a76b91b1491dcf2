using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OsModa.Core.Accounts;
using OsModa.Dashboard.Composition;

namespace OsModa.Dashboard.Identity;

/// <summary>What whoever started the dashboard reads: never the log, because the setup link is a secret.</summary>
/// <param name="Out">Standard output.</param>
internal sealed record Terminal(TextWriter Out);

/// <summary>What the terminal says once the dashboard answers.</summary>
internal static partial class Welcome
{
    public static async Task PrintWelcomeAsync(this WebApplication app)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? HostSetup.DefaultAddress;
        address = Reachable(address);
        var terminal = app.Services.GetRequiredService<Terminal>().Out;
        var code = await app.Services.GetRequiredService<FirstRun>().IssueCodeAsync(app.Lifetime.ApplicationStopping);
        await terminal.WriteLineAsync($"\nosModa Dashboard answers on {address}");
        if (code is not null)
        {
            await terminal.WriteLineAsync($"\nNobody has an account yet. Set it up here within an hour:\n\n  {address.TrimEnd('/')}{Setup.Path}?code={code.Text}\n");
        }
    }

    /// <summary>Listening on all addresses of the machine has no address to open in a browser; this one is among them.</summary>
    internal static string Reachable(string address) => EveryAddress().Replace(address, "://127.0.0.1");

    [GeneratedRegex(@"://(0\.0\.0\.0|\[::\]|\*|\+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex EveryAddress();
}
