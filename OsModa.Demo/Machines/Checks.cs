using System.Text.Json;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>One run of checks: the folder of it in /var/lib/osmoda/checks, and its unit.</summary>
internal sealed class CheckUnderWay(CheckTale tale)
{
    /// <summary>As far as it is written by now; what is beyond comes yet.</summary>
    public IReadOnlyList<(long At, string Line)> Lines => tale.Lines;

    public bool IsOver(long at) => tale.Lines[^1].At <= at;

    /// <summary>A server that loses its power has no unit any more that goes on.</summary>
    public void Lose(long at) => tale.Cut(at, "lost", "The server was restarted in the middle.");

    public void Stop(long at) => tale.Cut(at, "cancelled", "");
}

/// <summary>Runs of checks on a simulated server; its gate is held by whoever asks.</summary>
internal sealed class Checks(DemoServer server)
{
    private readonly Dictionary<Guid, CheckUnderWay> _runs = [];

    /// <summary>What builds need besides has been fetched by an earlier one.</summary>
    public bool HasTools { get; private set; }

    /// <summary>Null when there is no such run.</summary>
    public CheckUnderWay? Find(Guid id) => _runs.GetValueOrDefault(id);

    /// <summary>The server goes down.</summary>
    public void Lose(long at)
    {
        foreach (var run in _runs.Values.Where(run => !run.IsOver(at)))
        {
            run.Lose(at);
        }
    }

    /// <summary>What start-check.sh answers, fields separated by TAB.</summary>
    public string Start(Guid id, string order, string files, long at)
    {
        if (_runs.ContainsKey(id))
        {
            return "joined";
        }

        try
        {
            var evaluated = Evaluation.Of(server, order, files);
            var tale = new CheckTale(server, id);
            tale.Tell(evaluated, at);
            var run = _runs[id] = new CheckUnderWay(tale);
            server.Exert(1.1, at);
            if (evaluated.System is { } system)
            {
                // Before the last line can be read.
                server.Later(tale.Lines[^1].At - 1, then => Keep(run, system, then));
            }

            return "started";
        }
        catch (Exception odd) when (odd is FormatException or InvalidDataException or JsonException)
        {
            return $"refused\tThis simulated server cannot read what it was sent: {odd.Message.ReplaceLineEndings(" ")}";
        }
    }

    private void Keep(CheckUnderWay run, DemoSystem system, long at)
    {
        if (run.Lines[^1] is var (ends, last) && last.Contains("\tdone\tpassed\t", StringComparison.Ordinal) && ends >= at)
        {
            HasTools = true;
            if (server.Profile.Find(system.Path.Text) is null)
            {
                server.Profile.Built.Add(system);
            }
        }
    }
}
