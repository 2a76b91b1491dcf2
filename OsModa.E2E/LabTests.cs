using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;

namespace OsModa.E2E;

/// <summary>Tests with servers of the shared <see cref="Lab"/>.</summary>
public abstract class LabTests(Browser browser, Lab lab) : ProductTests(browser)
{
    /// <summary>Name of their collection.</summary>
    public const string Collection = "lab";

    private const int LinesOfLog = 200;

    protected Lab Lab { get; } = lab;

    /// <summary>A window of Ann's.</summary>
    protected Task<Window> OpenAsync() => KeepAsync(Lab.OpenAsync(Browser));

    /// <summary>A fresh server.</summary>
    protected Task<LabMachine> TakeAsync() => Lab.TakeAsync(Browser);

    /// <summary>Its line in the fleet.</summary>
    protected static ILocator RowOf(Window fleet, LabMachine machine) =>
        fleet.Page.Locator("tbody tr").Filter(new() { Has = fleet.Page.GetByRole(AriaRole.Link, new() { Name = machine.Name, Exact = true }) });

    /// <summary>What stands in the history of the server there.</summary>
    protected static async Task<int> OperationsOnAsync(LabMachine machine) =>
        int.Parse(await machine.Server.ShellAsync("ls /var/lib/osmoda/operations 2>/dev/null | wc -l"));

    protected override void Tell() => TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', Lab.Log?.Lines.TakeLast(LinesOfLog) ?? []));
}
