using OsModa.E2E.Running;

namespace OsModa.E2E.Looks;

/// <summary>A page in a state worth looking at.</summary>
/// <param name="Name">For people, and for files.</param>
/// <param name="Who">Who looks; null: nobody is signed in.</param>
/// <param name="Path">Where, with the placeholders of <see cref="DemoNames"/>.</param>
public sealed record Place(string Name, Somebody? Who, string Path)
{
    /// <summary>Name of a button, menu or fold to be pressed first.</summary>
    public string? Press { get; init; }

    /// <summary>A part of the page that comes later than the rest.</summary>
    public string? Await { get; init; }
}

/// <summary>Every page of the product, and what opens over pages.</summary>
public static class Places
{
    public static IReadOnlyList<Place> All { get; } =
    [
        new("sign-in", null, "/sign-in"),
        new("setup-used-up", null, "/setup?code=nonsense"),
        new("invitation-used-up", null, "/invitation?code=nonsense"),
        new("fleet", Demo.Owner, "/") { Await = "tbody tr" },
        new("fleet-filtered", Demo.Owner, "/?state=failed"),
        new("fleet-nothing-found", Demo.Owner, "/?q=no-such-server"),
        new("fleet-of-a-viewer", Demo.Viewer, "/"),
        new("account-menu", Demo.Owner, "/") { Press = "Account of Mara Lindqvist" },
        new("screen", Demo.Owner, "/screen") { Await = ".marks svg" },
        new("account", Demo.Owner, "/account"),
        new("people", Demo.Owner, "/people") { Await = "table.people" },
        new("people-of-a-viewer", Demo.Viewer, "/people") { Await = "table.people" },
        new("operations", Demo.Owner, "/operations"),
        new("safeswitch", Demo.Owner, "/safeswitch") { Await = ".plot" },
        new("safeswitch-of-a-viewer", Demo.Viewer, "/safeswitch") { Await = ".plot" },
        new("safeswitch-drill", Demo.Owner, "/safeswitch?drill={server}") { Await = "dialog" },
        new("ledger", Demo.Owner, "/ledger") { Await = ".proof .verified" },
        new("ledger-of-a-viewer", Demo.Viewer, "/ledger") { Await = ".proof .verified" },
        new("ledger-entry", Demo.Owner, "/ledger?entry=0") { Await = ".ledger-entry .actions" },
        new("ledger-nothing-found", Demo.Owner, "/ledger?q=no-such-text") { Await = ".empty" },
        new("ledger-narrowed", Demo.Owner, "/ledger?who=no-such-person&from=2026-01-01") { Await = ".empty" },
        new("ledger-taken-away", Demo.Owner, "/ledger") { Press = "Take it with you", Await = ".proof .verified" },
        new("ledger-check", Demo.Viewer, "/ledger/check") { Await = "#check-file" },
        new("ledger-of-a-server", Demo.Owner, "/servers/{server}/ledger") { Await = ".proof .verified" },
        new("add-server", Demo.Owner, "/servers/add"),
        new("overview", Demo.Owner, "/servers/{server}"),
        new("overview-failed", Demo.Owner, "/servers/{failed}"),
        new("overview-may-only-look", Demo.Stranger, "/servers/{visited}") { Await = ".server-notice .notice" },
        new("generations", Demo.Owner, "/servers/{server}/generations"),
        new("generations-of-a-viewer", Demo.Viewer, "/servers/{server}/generations"),
        new("rollback-sheet", Demo.Owner, "/servers/{server}/generations?rollback={older}") { Await = "dialog .checks" },
        new("rollback-plan", Demo.Owner, "/servers/{server}/generations?rollback={older}") { Press = "How it is watched", Await = "dialog .checks" },
        new("rollback-to-what-runs", Demo.Owner, "/servers/{server}/generations?rollback={current}") { Await = "dialog" },
        new("rollback-done", Demo.Owner, "/servers/{rolled-back}/generations?operation={operation}") { Await = ".outcome" },
        new("compare", Demo.Owner, "/servers/{server}/compare/{older}..{current}") { Await = ".verdict" },
        new("compare-nothing", Demo.Owner, "/servers/{server}/compare/nonsense"),
        new("compare-suspects", Demo.Owner, "/servers/{server}/compare/{older}..{current}?unit=sshd.service") { Await = ".suspects" },
        new("compare-which-server", Demo.Owner, "/servers/{server}/compare/with"),
        new("compare-servers", Demo.Owner, "/servers/{server}/compare/with/{failed}") { Await = ".verdict" },
        new("compare-commit-not-built", Demo.Owner, "/servers/{server}/compare/commit/0123456") { Await = ".notice" },
        new("units", Demo.Owner, "/servers/{server}/units"),
        new("units-failed", Demo.Owner, "/servers/{failed}/units"),
        new("unit", Demo.Owner, "/servers/{failed}/units/nginx.service") { Await = ".log-line" },
        new("logs", Demo.Owner, "/servers/{server}/logs"),
        new("journal", Demo.Owner, "/servers/{failed}/logs?unit=nginx.service") { Await = ".log-line" },
        new("operations-of-a-server", Demo.Owner, "/servers/{server}/operations"),
        new("operation", Demo.Owner, "/servers/{rolled-back}/operations/{operation}") { Await = ".outcome" },
        new("configuration", Demo.Owner, "/servers/{adopted}/configuration?topic=web") { Await = ".option-field" },
        new("configuration-agents", Demo.Owner, "/servers/{adopted}/configuration?topic=agents") { Await = ".templates" },
        new("configuration-people", Demo.Owner, "/servers/{server}/configuration?topic=people") { Await = ".option-field" },
        new("configuration-search", Demo.Owner, "/servers/{adopted}/configuration?q=nginx") { Await = ".option-hits" },
        new("configuration-option", Demo.Owner, "/servers/{adopted}/configuration?option=services.nginx.virtualHosts") { Await = ".option-field", Press = "services.nginx.virtualHosts" },
        new("configuration-history", Demo.Owner, "/servers/{adopted}/configuration?show=history") { Await = ".form .stack" },
        new("configuration-of-a-viewer", Demo.Viewer, "/servers/{server}/configuration"),
        new("configuration-of-all", Demo.Owner, "/configuration") { Await = ".same-systems li" },
        new("repository", Demo.Owner, "/configuration/repository") { Await = ".code-block" },
        new("commit-of-nobody", Demo.Owner, "/configuration/commits/0123456789012345678901234567890123456789"),
        new("rollout-of-no-commit", Demo.Owner, "/rollouts/new?commit=nonsense") { Await = ".notice" },
        new("rollout-of-nobody", Demo.Owner, "/rollouts/00000000-0000-0000-0000-000000000001"),
        new("settings", Demo.Owner, "/servers/{server}/settings"),
        new("settings-of-a-viewer", Demo.Viewer, "/servers/{server}/settings"),
        new("remove", Demo.Owner, "/servers/{server}/settings") { Press = "Remove build2…", Await = ".rz-dialog" },
        new("join", Demo.Owner, "/servers/{server}/join"),
        new("host-key", Demo.Owner, "/servers/{server}/host-key"),
        new("host-key-changed", Demo.Owner, "/servers/{reinstalled}/host-key"),
        new("not-found", Demo.Owner, "/not-found"),
        new("nothing-here", Demo.Owner, "/no-such-page"),
    ];

    /// <summary>Opens it and waits until it is all there.</summary>
    public static async Task GoAsync(this Window window, Place place, DemoNames names)
    {
        var page = window.Page;
        var answer = await window.LoadAsync(names.Fill(place.Path));
        // Forms of accounts and what is not found are answered by one request, without a circuit.
        if (answer!.Ok && await page.Locator(".account-page").CountAsync() == 0)
        {
            await window.InteractiveAsync();
        }

        if (place.Press is { } press)
        {
            await page.Locator($"button:text-is('{press}'), summary:text-is('{press}'), [aria-label='{press}']").ClickAsync();
        }

        if (place.Await is { } late)
        {
            await page.Locator(late).First.WaitForAsync();
        }
    }
}
