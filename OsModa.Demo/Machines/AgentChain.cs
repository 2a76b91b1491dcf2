using System.Collections.Immutable;
using OsModa.Demo.Time;

namespace OsModa.Demo.Machines;

/// <summary>
/// The chain that osModa's agentd keeps on one simulated server, with a past and something new every 20 to 60 s. It is made when somebody looks first, or with the first event. Used by whoever holds the
/// server's gate.
/// </summary>
/// <param name="server">Where it is kept.</param>
/// <param name="agents">Whose deeds it tells.</param>
/// <param name="unchained">A tool that agents call now and then, of which agentd hears nothing and teachd does; null: there is none.</param>
internal sealed class AgentChain(DemoServer server, ImmutableArray<string> agents, string? unchained) : IAgendaItem, IDisposable
{
    private const long Second = 1_000_000, Minute = 60 * Second, Hour = 60 * Minute;

    private readonly Random _random = new((int)Noise.Hash(server.Seed, 7));
    private readonly ToolCalls _calls = new();
    private AgentDatabase? _database;
    private DatabaseFiles? _files;
    private long _last;
    private bool _isOver;

    /// <summary>What lies in /var/lib/osmoda.</summary>
    public DatabaseFiles Files
    {
        get
        {
            Begin();
            return _files!;
        }
    }

    /// <summary>What teachd remembers.</summary>
    public ToolCalls Calls
    {
        get
        {
            Begin();
            return _calls;
        }
    }

    /// <summary>Somebody has read it.</summary>
    public bool IsRead { get; set; }

    long IAgendaItem.Run(long at)
    {
        lock (server.Gate)
        {
            if (_isOver)
            {
                return Agenda.Never;
            }

            Write(at, AgentDeed.Next(_random, agents));
            if (unchained is not null && _random.Next(10) == 0)
            {
                _calls.Add(server.Agenda.WallAt(at + (Second / 10)), unchained);
            }

            return at + (20 * Second) + _random.NextInt64(40 * Second);
        }
    }

    /// <summary>Writes an event, and whoever observes the server hears that its files have changed.</summary>
    public void Write(long at, AgentDeed deed)
    {
        Begin();
        _last = Math.Max(_last, at);
        _database!.Append([(server.Agenda.WallAt(_last), deed)]);
        Call(_last, deed.Tool);
        Commit(at);
    }

    /// <summary>Somebody changes past agentd whom the newest switch names.</summary>
    public void BlameForSwitch(string was, string becomes, long at)
    {
        Begin();
        _database!.Reword(AgentDeed.Switch, was, becomes);
        Commit(at);
    }

    public void Dispose()
    {
        lock (server.Gate)
        {
            _isOver = true;
            _database?.Dispose();
        }
    }

    private void Begin()
    {
        if (_files is not null)
        {
            return;
        }

        var past = Past().OrderBy(static deed => deed.At).ToList();
        _database = new AgentDatabase();
        _database.Append(past.Select(deed => (server.Agenda.WallAt(deed.At), deed.Deed)));
        _files = new DatabaseFiles(_database.Pages(), Noise.Hash(server.Seed, 8), server.Agenda.WallAt(past[^1].At));
        var unheard = unchained is null ? [] : new[] { -52, -31, -30, -9 }.Select(minutes => (At: minutes * Minute, Tool: unchained));
        foreach (var (at, tool) in past.Where(static deed => deed.At > -Hour).Select(static deed => (deed.At, deed.Deed.Tool)).Concat(unheard).OrderBy(static call => call.At))
        {
            Call(at, tool);
        }
    }

    // The nearer, the denser: days of a past in some hundreds of events, and enough of them in the last hour.
    private IEnumerable<(long At, AgentDeed Deed)> Past()
    {
        var at = -5 * Second;
        for (var count = 240 + (server.Seed % 120); count > 0; count--)
        {
            yield return (at, AgentDeed.Next(_random, agents));
            at -= (long)((0.5 + _random.NextDouble()) * ((30 * Second) - (at / 60)));
        }

        yield return (at, AgentDeed.Begun);
        foreach (var generation in server.Profile.Generations.Where(generation => generation.SetAt > at && generation.SetAt < 0))
        {
            yield return (generation.SetAt + Second, AgentDeed.Switched("nixos-upgrade.service", generation.System.Path.Text));
        }

        if (server.Profile.Current != server.Profile.Linked.System)
        {
            yield return (-3 * Hour, AgentDeed.Switched("noor.haddad", server.Profile.Current.Path.Text, "test"));
        }
    }

    private void Call(long at, string tool)
    {
        if (tool.Length > 0)
        {
            _calls.Add(server.Agenda.WallAt(at), tool);
        }
    }

    private void Commit(long at)
    {
        _files!.Commit(_database!.Pages(), server.Agenda.WallAt(at));
        server.ChainTouched();
    }
}
