using System.Globalization;
using System.Text;
using OsModa.Demo.Machines;
using OsModa.Demo.Time;

namespace OsModa.Demo.Shell;

/// <summary>Answers the scripts of a run of checks: to begin it, to read its journal as it grows, and to end it.</summary>
internal sealed class CheckAnswers : GrowingAnswer
{
    private const long Glance = 250_000;

    private readonly Guid _id;
    private int _told;

    private CheckAnswers(DemoServer server, DemoRun run, Guid id, int from)
        : base(server, run) => (_id, _told) = (id, from);

    /// <summary>start-check.sh ID ORDER FILES SCRIPT SYSTEM.</summary>
    public static DemoRun Start(DemoServer server, IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 3 || !Guid.TryParseExact(arguments[0], "D", out var id))
        {
            return DemoRun.Of(["refused\tThe run has no proper id."]);
        }

        lock (server.Gate)
        {
            return DemoRun.Of([server.Checks.Start(id, arguments[1], arguments[2], server.Agenda.Now)]);
        }
    }

    /// <summary>follow-check.sh ID FROM.</summary>
    public static DemoRun Follow(DemoServer server, IReadOnlyList<string> arguments)
    {
        if (arguments is not [var text, var line] || !Guid.TryParseExact(text, "D", out var id) || !int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var from))
        {
            return DemoRun.Of([], 2);
        }

        var now = server.Agenda.Now;
        lock (server.Gate)
        {
            if (server.Checks.Find(id) is null)
            {
                return DemoRun.Of(["never"]);
            }
        }

        var run = new DemoRun();
        var answer = new CheckAnswers(server, run, id, Math.Max(0, from - 1));
        if (answer.Run(now) is var next && next != Agenda.Never)
        {
            server.Agenda.Add(next, answer);
        }

        return run.From(answer);
    }

    /// <summary>stop-check.sh ID.</summary>
    public static DemoRun Stop(DemoServer server, IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || !Guid.TryParseExact(arguments[0], "D", out var id))
        {
            return DemoRun.Of(["unknown"]);
        }

        lock (server.Gate)
        {
            var at = server.Agenda.Now;
            var run = server.Checks.Find(id);
            var answer = run is null ? "unknown" : run.IsOver(at) ? "over" : "stopped";
            if (answer == "stopped")
            {
                run!.Stop(at);
            }

            return DemoRun.Of([answer]);
        }
    }

    protected override long Grow(long at)
    {
        var check = Server.Checks.Find(_id)!;
        while (_told < check.Lines.Count && check.Lines[_told].At <= at)
        {
            Answer.Lines.Add(Encoding.UTF8.GetBytes(check.Lines[_told++].Line));
        }

        if (check.IsOver(at))
        {
            Answer.Exit(0);
            return Agenda.Never;
        }

        return Math.Min(check.Lines[_told].At, at + Glance);
    }
}
