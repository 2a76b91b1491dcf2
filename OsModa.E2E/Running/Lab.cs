using OsModa.Tests.Lab;

namespace OsModa.E2E.Running;

/// <summary>
/// A dashboard for servers of the lab, owned by Ann, started when the first test of a collection asks for it. The tests of a collection run one
/// after the other; each takes a server of its own and gives it back when it is well, for whoever needs many.
/// </summary>
public sealed class Lab : IAsyncDisposable
{
    private readonly List<LabMachine> _made = [];
    private readonly List<LabMachine> _well = [];
    private Product? _product;
    private string _session = "";

    /// <summary>What the product wrote, as far as it was started.</summary>
    public ProductLog? Log => _product?.Log;

    /// <summary>A window in which Ann is signed in, not yet on any page.</summary>
    public async Task<Window> OpenAsync(Browser browser) => await browser.OpenAsync(await ProductAsync(browser), session: _session);

    /// <summary>A window in which nobody is signed in.</summary>
    public async Task<Window> OpenForNobodyAsync(Browser browser) => await browser.OpenAsync(await ProductAsync(browser));

    /// <summary>A fresh server, added by Ann and watched.</summary>
    public async Task<LabMachine> TakeAsync(Browser browser)
    {
        await using var window = await OpenAsync(browser);
        return await AddAsync(window, await LabServer.UpAsync(), $"lab{_made.Count + 1}");
    }

    /// <summary>It is reached, and none of its units is in trouble.</summary>
    public void GiveBack(LabMachine machine) => _well.Add(machine);

    /// <summary>Servers that are well, so many in all: those that were given back, and new ones.</summary>
    public async Task<IReadOnlyList<LabMachine>> TakeWellOnesAsync(Browser browser, int count)
    {
        var missing = Math.Max(0, count - _well.Count);
        var servers = await Task.WhenAll(Enumerable.Range(0, missing).Select(_ => LabServer.UpAsync()));
        await using var window = await OpenAsync(browser);
        foreach (var server in servers)
        {
            GiveBack(await AddAsync(window, server, $"lab{_made.Count + 1}"));
        }

        return [.. _well.Take(count)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_product is not null)
        {
            await _product.DisposeAsync();
        }

        await Task.WhenAll(_made.Select(machine => machine.Server.DisposeAsync().AsTask()));
    }

    private async Task<LabMachine> AddAsync(Window window, LabServer server, string name)
    {
        var machine = new LabMachine(server, name);
        _made.Add(machine);
        machine.Address = await Somebody.Ann.AddServerAsync(window, server, name);
        return machine;
    }

    private async Task<Product> ProductAsync(Browser browser)
    {
        if (_product is null)
        {
            _product = await Product.StartAsync();
            await using var window = await browser.OpenAsync(_product);
            await Somebody.Ann.SetUpAsync(window, await _product.SetupLinkAsync());
            _session = await window.SessionAsync();
        }

        return _product;
    }
}

/// <summary>A server of the lab in the lab's dashboard.</summary>
/// <param name="Server">The machine.</param>
/// <param name="Name">What the dashboard calls it.</param>
public sealed record LabMachine(LabServer Server, string Name)
{
    /// <summary>Of its pages, such as <c>/servers/0199…</c>.</summary>
    public string Address { get; set; } = "";
}
