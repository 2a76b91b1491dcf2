using System.Globalization;
using System.Text;
using System.Text.Json;
using OsModa.Demo.Machines;
using OsModa.Demo.Time;

namespace OsModa.Demo.Shell;

/// <summary>Answers journal.sh UNIT LINES: the newest entries as journalctl's JSON, then each new one, for as long as somebody reads.</summary>
internal sealed class JournalAnswer : GrowingAnswer
{
    private const int LinesMost = 1000;
    private const long Pace = 250_000;
    private const int StepsOfSilence = 20;

    private readonly string _unit;
    private long _told;
    private int _steps;

    private JournalAnswer(DemoServer server, DemoRun run, string unit)
        : base(server, run) => _unit = unit;

    public static DemoRun To(DemoServer server, IReadOnlyList<string> arguments)
    {
        if (arguments is not [var unit, var count] || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var lines))
        {
            return DemoRun.Of([], 1);
        }

        var run = new DemoRun();
        var answer = new JournalAnswer(server, run, unit);
        lock (server.Gate)
        {
            answer._told = server.Agenda.Now;
            answer.Tell(long.MinValue, answer._told, Math.Min(lines, LinesMost));
        }

        server.Agenda.Add(answer._told + Pace, answer);
        return run.From(answer);
    }

    protected override long Grow(long at)
    {
        Tell(_told, at, LinesMost);
        _told = at;
        if (++_steps % StepsOfSilence == 0)
        {
            Answer.Lines.Add([]);
        }

        return at + Pace;
    }

    private void Tell(long since, long until, int most)
    {
        foreach (var entry in Server.ReadJournal(_unit, since, until, most))
        {
            Answer.Lines.Add(Json(entry));
        }
    }

    private byte[] Json(JournalEntry entry) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["__REALTIME_TIMESTAMP"] = Server.Clock.Epoch(entry.At).ToString(CultureInfo.InvariantCulture),
        ["MESSAGE"] = entry.Text,
        ["PRIORITY"] = entry.Priority.ToString(CultureInfo.InvariantCulture),
        ["_PID"] = entry.Pid.ToString(CultureInfo.InvariantCulture),
        ["SYSLOG_IDENTIFIER"] = entry.Identifier,
    }));
}
