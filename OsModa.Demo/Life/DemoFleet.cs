using System.Collections.Immutable;
using System.Threading.Channels;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Demo.Machines;
using OsModa.Demo.Shell;
using OsModa.Demo.Systems;
using OsModa.Demo.Time;

namespace OsModa.Demo.Life;

/// <summary>All simulated servers of this process, alive from the moment it is made.</summary>
public sealed class DemoFleet : IDisposable
{
    private readonly Dictionary<ServerId, DemoServer> _servers = [];
    private readonly Channel<Wish> _wishes = Channel.CreateBounded<Wish>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });

    public DemoFleet(DemoSettings settings, TimeProvider time)
    {
        Agenda = new Agenda(time);
        Releases = new Releases(Agenda.WallAt(0), settings.Seed);
        var named = settings.Quiet ? [] : Outlines.Named;
        var count = Math.Clamp(settings.Servers ?? Math.Max(1, named.Length), 1, 20_000);
        Outline = [.. named.Take(count), .. Outlines.Plain(Math.Max(0, count - named.Length))];
        foreach (var outline in Outline)
        {
            _servers.Add(outline.Id, Make(outline, settings.Seed));
        }

        foreach (var outline in Outline.Skip(named.Length))
        {
            PlainLife.Begin(_servers[outline.Id]);
        }

        Named = [.. named.Take(count).Select(outline => _servers[outline.Id]).Where(static server => server.Fault is null)];
        if (Named.Length > 0)
        {
            new Fates(this, settings.Seed).Begin();
        }
    }

    /// <summary>The servers as they are entered in the dashboard.</summary>
    public ImmutableArray<ServerOutline> Outline { get; }

    internal Agenda Agenda { get; }

    internal Releases Releases { get; }

    internal IReadOnlyCollection<DemoServer> Servers => _servers.Values;

    /// <summary>Servers with a fate, but those that nobody ever reaches.</summary>
    internal ImmutableArray<DemoServer> Named { get; }

    /// <summary>What people would now do in the dashboard.</summary>
    internal ChannelReader<Wish> Wishes => _wishes.Reader;

    /// <summary>The way to a simulated server, for whoever has accepted the host keys of its row.</summary>
    /// <exception cref="ConnectionException">There is no such server: its row is of another fleet.</exception>
    public IRemoteShell Shell(Server row) => new DemoShell(ServerOf(row.Id), row.HostKeys);

    /// <summary>The host key that a simulated server shows now.</summary>
    /// <exception cref="ConnectionException">There is no such server, or nobody reaches it.</exception>
    public HostKey HostKey(ServerId id)
    {
        var server = ServerOf(id);
        lock (server.Gate)
        {
            return server.Fault is { } fault ? throw new ConnectionException(fault) : server.HostKey;
        }
    }

    public void Dispose()
    {
        Agenda.Dispose();
        foreach (var server in _servers.Values)
        {
            server.Chain?.Dispose();
        }
    }

    internal void Wish(Wish wish) => _wishes.Writer.TryWrite(wish);

    internal DemoServer? Find(string name) => _servers.Values.FirstOrDefault(s => s.Name == name);

    private DemoServer ServerOf(ServerId id) => _servers.TryGetValue(id, out var server)
        ? server
        : throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.NameUnknown, "This simulated server is not part of the demo that runs now."));

    private DemoServer Make(ServerOutline outline, int seed)
    {
        var own = unchecked((uint)outline.Id.GetHashCode() ^ (uint)seed);
        var history = History.Of(outline, Releases, Agenda.WallAt(0), own, UnitsOf(outline));
        var plan = new ServerPlan(outline.Id, outline.Name, outline.Hardware, own) { History = history, BootedAt = History.BootedAt(history), MayAct = outline.Login == LoginName.Root.Text, Chained = outline.HasChain ? outline.Agents : [] };
        return new DemoServer(Pasts.Of(plan, new Random(seed)), Agenda);
    }

    // The same list for all servers alike, so that they share their unit files too.
    private static ImmutableArray<UnitTemplate> UnitsOf(ServerOutline outline) => UnitLists.GetOrAdd((outline.Role, string.Join(' ', outline.Agents)), _ => UnitTable.Of(outline.Role, outline.Agents));

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<(string Role, string Agents), ImmutableArray<UnitTemplate>> UnitLists = new();
}
