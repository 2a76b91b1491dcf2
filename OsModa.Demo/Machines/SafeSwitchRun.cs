using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>What start-switch.sh was asked for.</summary>
/// <param name="Now">Activate, then make it the default; false: only the default at next boot.</param>
internal sealed record SwitchOrder(Guid Id, bool Now, string Target, int Generation, string Expected);

/// <summary>safeswitch.sh under way on a simulated server: the stages, checks and verdicts of the script, in the lines of SafeSwitch/Journal.md.</summary>
internal sealed class SafeSwitchRun(DemoServer server, SwitchOrder order, OperationFiles files)
{
    private const long Millisecond = 1000;

    private readonly SwitchProgram _program = new(server);
    private readonly DemoSystem _from = server.Profile.Current;
    private HashSet<string> _before = [];
    private long _startedAt;
    private string _stage = "";
    private DemoSystem? _target;

    public void Begin(long at)
    {
        _startedAt = at;
        var profile = server.Profile;
        var number = profile.Linked.System == _from ? profile.Linked.Number.ToString() : "-";
        server.LiveStream.Clear();
        Line(at, "begin", "1", order.Id.ToString("D"), order.Now ? "now" : "boot", order.Target, order.Generation.ToString(), _from.Path.Text, number, server.Clock.BootId.ToString("D"));
        Stage(at + Millisecond, "preflight");
        Then(at + (server.Random.Next(9, 16) * Millisecond), Preflight);
    }

    private void Preflight(long at)
    {
        if (_from.Path.Text != order.Expected)
        {
            Refuse(at, "current", "The server runs another system than the page showed: somebody switched it meanwhile.");
            return;
        }

        Line(at, "check", "current", "ok", "");
        _target = server.Profile.Find(order.Target);
        if (_target is null)
        {
            Refuse(at, "valid", $"The system of generation {order.Generation} is not on the server any more: its files were collected as garbage.");
            return;
        }

        Line(at, "check", "valid", "ok", "");
        Line(at, "check", "disk", "ok", "");
        _before = [.. server.Services.Troubled()];
        if (_before.Count > 0)
        {
            Line(at, "note", "baseline", string.Join(' ', _before));
        }

        var ends = at + (server.Random.Next(18, 40) * Millisecond);
        Then(ends, then =>
        {
            End(then, true, "");
            if (order.Now)
            {
                Activate(then);
            }
            else
            {
                Commit(then, 0);
            }
        });
    }

    private void Activate(long at)
    {
        Stage(at, "activate");
        _program.Test(_target!, at, Output, (status, then) =>
        {
            End(then, true, "");
            Stage(then, "verify");
            Then(then + (server.Random.Next(25, 70) * Millisecond), verified => Verify(verified, status));
        });
    }

    private void Verify(long at, int status)
    {
        var worse = server.Services.Troubled().Where(unit => !_before.Contains(unit)).ToList();
        foreach (var unit in worse.Select(server.Services.Find).OfType<DemoUnit>())
        {
            Line(at, "note", "unit", $"{unit.Name}: ActiveState={unit.Active} SubState={unit.Sub} Result={unit.Result} NRestarts={unit.Restarts} ExecMainStatus={unit.ExitStatus}");
        }

        if (server.Profile.RebootNeeded)
        {
            Line(at, "note", "reboot", _target!.Release.Kernel == server.Profile.Booted.Release.Kernel ? "initrd" : "kernel");
        }

        if (worse.Count > 0)
        {
            End(at, false, $"Worse than before: {string.Join(", ", worse)}");
            Done(at, "unhealthy", status.ToString(), $"Generation {order.Generation} runs, but these units are worse than before: {string.Join(", ", worse)}.");
            return;
        }

        End(at, true, "");
        Commit(at, status);
    }

    private void Commit(long at, int status)
    {
        Stage(at, "commit");
        Then(at + (17 * Millisecond), linked =>
        {
            if (server.Profile.Find(order.Generation)?.System != _target || !server.Profile.Link(order.Generation))
            {
                server.Profile.Set(_target!, linked);
            }

            server.GenerationsChanged(linked);
            _program.Boot(linked, (_, then) =>
            {
                End(then, true, "");
                Done(then, "verified", status.ToString(), order.Now ? "" : $"The server starts generation {order.Generation} at next boot.");
            });
        });
    }

    private void Refuse(long at, string check, string why)
    {
        Line(at, "check", check, "failed", why);
        End(at, false, "");
        Done(at, "refused", "-", why);
    }

    private void Stage(long at, string name)
    {
        _stage = name;
        Line(at, "stage", name);
    }

    private void End(long at, bool ok, string text) => Line(at, "ended", _stage, ok ? "ok" : "failed", text);

    private void Done(long at, string verdict, string status, string text)
    {
        var profile = server.Profile;
        Line(at, "done", verdict, status, profile.Current.Path.Text, profile.Linked.System.Path.Text, profile.Linked.Number.ToString(), text);
        files.Ended();
    }

    private void Line(long at, params ReadOnlySpan<string> fields)
    {
        var line = $"{at - _startedAt}\t{server.Clock.Epoch(at)}\t{string.Join('\t', fields)}";
        files.Journal.Add(line);
        server.OperationLine($"J\t{order.Id:D}\t{line}");
    }

    private void Output(string text)
    {
        files.Output.Add(text);
        server.OperationLine($"O\t{order.Id:D}\t{text}");
    }

    private void Then(long at, Action<long> happens) => ((IMachine)server).Later(at, happens);
}
