using System.Diagnostics;
using OsModa.Benchmarks.Costs;
using OsModa.Benchmarks.Servers;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using OsModa.E2E.Running;
using OsModa.Tests.Lab;

namespace OsModa.Benchmarks.Fleet;

/// <summary>
/// What a server costs that is watched over ssh: fifty connections to a few servers of the lab, against the same process without any
/// server, and against a bare OpenSSH connection with one session over it.
/// </summary>
internal static class FiftyConnections
{
    private const int Servers = 5;
    private const int Connections = 50;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(30);

    public static async Task RunAsync()
    {
        // First the servers: Chromium breaks off what it loads while a network interface appears.
        var servers = await Task.WhenAll(Enumerable.Range(0, Servers).Select(_ => LabServer.UpAsync("--units", "1")));
        try
        {
            await MeasureAsync(servers);
        }
        finally
        {
            await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        }
    }

    private static async Task MeasureAsync(LabServer[] servers)
    {
        await using var product = await Product.StartAsync();
        var rows = await AddAsync(product, servers);
        await product.StartAgainAsync();
        var alone = await MeasureAsync(product, 0);
        await product.KillAsync();
        await PutInAsync(product, rows);
        await product.StartAgainAsync();
        var connected = await MeasureAsync(product, Connections);
        Report.Metric("fleet.ssh.connections", Connections, "connections");
        Report.Metric("fleet.ssh.pss_per_connection", (connected.Mebibytes - alone.Mebibytes) / Connections, "MiB");
        Report.Metric("fleet.ssh.cpu_per_connection", (connected.Cores - alone.Cores) / Connections * 1000, "millicores");
        await using var bare = await OpenMaster.OpenAsync(servers[0]);
        Report.Metric("fleet.ssh.bare.pss", await bare.MebibytesAsync(), "MiB");
    }

    // As people do it, which accepts host keys and lets the key in; then it is ended, and the rows are taken out of its database.
    private static async Task<List<Server>> AddAsync(Product product, LabServer[] servers)
    {
        await using var browser = new Browser();
        await using var window = await browser.OpenAsync(product);
        await Somebody.Ann.SetUpAsync(window, await product.SetupLinkAsync());
        for (var i = 0; i < servers.Length; i++)
        {
            await Somebody.Ann.AddServerAsync(window, servers[i], $"lab{i}");
        }

        await product.KillAsync();
        return await TakeOutAsync(product);
    }

    private static async Task<(double Mebibytes, double Cores)> MeasureAsync(Product product, int connections)
    {
        await Until.TrueAsync($"{connections} connections", TimeSpan.FromSeconds(60), () => Task.FromResult(Tree(product).Count(p => p.Name == "ssh") == 2 * connections));
        await Task.Delay(WarmUp);
        var (before, began) = (Cpu(product), Stopwatch.GetTimestamp());
        await Task.Delay(Measured);
        var cores = (Cpu(product) - before) / Stopwatch.GetElapsedTime(began);
        var costs = Tree(product).Select(p => (p.Name, Bytes: ProcessCost.Of(p.Pid).ProportionalBytes)).ToList();
        Report.Say($"{connections} connections: {string.Join(", ", costs.GroupBy(c => c.Name).Select(g => $"{g.Count()} {g.Key} {g.Sum(c => c.Bytes) / 1048576.0:0.0} MiB"))}; {cores * 1000:0.0} millicores");
        return (costs.Sum(c => c.Bytes) / 1048576.0, cores);
    }

    // The sessions of ssh live as long as the connections, so nobody's time is lost with its process.
    private static TimeSpan Cpu(Product product) => TimeSpan.FromTicks(Tree(product).Sum(p => ProcessCost.CpuOf(p.Pid).Ticks));

    private static List<(int Pid, string Name)> Tree(Product product) => [(product.ProcessId, "dashboard"), .. ProcessCost.DescendantsOf(product.ProcessId)];

    private static async Task<List<Server>> TakeOutAsync(Product product)
    {
        await using var context = new Database(new StorageSettings { Folder = product.DataFolder }).OpenForAll();
        var rows = context.Servers.ToList();
        context.Servers.RemoveRange(rows);
        await context.SaveChangesAsync();
        return rows;
    }

    // As if each had been added ten times, under ten names.
    private static async Task PutInAsync(Product product, List<Server> rows)
    {
        await using var context = new Database(new StorageSettings { Folder = product.DataFolder }).OpenForAll();
        context.Servers.AddRange(Enumerable.Range(0, Connections).Select(i => Copy(rows[i % rows.Count], $"connection{i}")));
        await context.SaveChangesAsync();
    }

    private static Server Copy(Server row, string name) => new()
    {
        Id = ServerId.New(),
        OrganisationId = row.OrganisationId,
        Name = name,
        Address = row.Address,
        Port = row.Port,
        Login = row.Login,
        AddedAt = row.AddedAt,
        HostKeys = [.. row.HostKeys.Select(key => new PinnedHostKey { Type = key.Type, Key = key.Key, Fingerprint = key.Fingerprint, AcceptedAt = key.AcceptedAt, AcceptedBy = key.AcceptedBy })],
    };
}
