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

    // In minutes, within the hour that teachd is asked for first.
    private static readonly ImmutableArray<int> UnheardAt = [-52, -31, -30, -9];

    private readonly Random _random = new((int)Noise.Hash(server.Seed, 7));
    private Kept? _kept;
    private long _last;
    private bool _isOver;

    /// <summary>What lies in /var/lib/osmoda.</summary>
    public DatabaseFiles Files => Begun.Files;

    /// <summary>What teachd remembers.</summary>
    public ToolCalls Calls => Begun.Calls;

    /// <summary>Somebody has read it.</summary>
    public bool IsRead { get; set; }

    private Kept Begun => _kept ??= Begin();

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
                Calls.Add(server.Agenda.WallAt(at + (Second / 10)), unchained);
            }

            return at + (20 * Second) + _random.NextInt64(40 * Second);
        }
    }

    /// <summary>Writes an event, and whoever observes the server hears that its files have changed.</summary>
    public void Write(long at, AgentDeed deed)
    {
        if (_isOver)
        {
            return;
        }

        _last = Math.Max(_last, at);
        Begun.Database.Append([(server.Agenda.WallAt(_last), deed)]);
        if (deed.Tool.Length > 0)
        {
            Calls.Add(server.Agenda.WallAt(_last), deed.Tool);
        }

        Commit(at);
    }

    /// <summary>Somebody changes past agentd whom the newest switch names.</summary>
    public void BlameForSwitch(string was, string becomes, long at)
    {
        Begun.Database.Reword(AgentDeed.Switch, was, becomes);
        Commit(at);
    }

    public void Dispose()
    {
        lock (server.Gate)
        {
            _isOver = true;
            _kept?.Database.Dispose();
        }
    }

    private Kept Begin()
    {
        var past = AgentPast.Of(server, agents, _random).ToList();
        var database = new AgentDatabase();
        database.Append(past.Select(deed => (server.Agenda.WallAt(deed.At), deed.Deed)));
        var calls = new ToolCalls();
        var unheard = unchained is null ? [] : UnheardAt.Select(minutes => (At: minutes * Minute, Tool: unchained));
        foreach (var (at, tool) in past.Where(static deed => deed.At > -Hour && deed.Deed.Tool.Length > 0).Select(static deed => (deed.At, deed.Deed.Tool)).Concat(unheard).OrderBy(static call => call.At))
        {
            calls.Add(server.Agenda.WallAt(at), tool);
        }

        return new Kept(database, new DatabaseFiles(database.Pages(), Noise.Hash(server.Seed, 8), server.Agenda.WallAt(past[^1].At)), calls);
    }

    private void Commit(long at)
    {
        Files.Commit(Begun.Database.Pages(), server.Agenda.WallAt(at));
        server.ChainTouched();
    }

    private sealed record Kept(AgentDatabase Database, DatabaseFiles Files, ToolCalls Calls);
}
