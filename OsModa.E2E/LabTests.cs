using Microsoft.Playwright;
using OsModa.E2E.Running;
using Xunit;

namespace OsModa.E2E;

/// <summary>Tests with servers of a shared <see cref="Lab"/>.</summary>
public abstract class LabTests(Browser browser, Lab lab) : ProductTests(browser)
{
    /// <summary>Name of the collection of all but those of <see cref="Configuring"/>.</summary>
    public const string Collection = "lab";

    /// <summary>Those that change what an organisation's repository says: beside the others, in a dashboard of their own.</summary>
    public const string Configuring = "configuring";

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

[CollectionDefinition(LabTests.Collection)]
public sealed class LabCollection : ICollectionFixture<Lab>;

[CollectionDefinition(LabTests.Configuring)]
public sealed class ConfiguringCollection : ICollectionFixture<Lab>;
