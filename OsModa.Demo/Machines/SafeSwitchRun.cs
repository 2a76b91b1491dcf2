using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>safeswitch.sh under way on a simulated server: the stages, checks, troubles and verdicts of the script, in the lines of SafeSwitch/Journal.md.</summary>
internal sealed partial class SafeSwitchRun(DemoServer server, SwitchOrder order, OperationFiles files)
{
    private const long Millisecond = 1000;

    /// <summary>How soon a change of a unit is seen, about.</summary>
    private const long Glance = 40 * Millisecond;

    private readonly SwitchProgram _program = new(server);
    private readonly DemoSystem _from = server.Profile.Current;
    private readonly int _fromNumber = server.Profile.Linked.Number;
    private HashSet<string> _before = [];
    private long _startedAt;
    private long _activatedAt;
    private string _stage = "";
    private bool _standConfirmed;
    private DemoSystem? _target;
    private SwitchTroubleLine? _trouble;
    private bool _decided;

    /// <summary>Our confirmation has come.</summary>
    public bool Confirmed { get; private set; }

    /// <summary>What the script says of a unit that died and that the switch had changed.</summary>
    public static string Crashed(string unit) => $"{unit} crashed; this switch had changed it.";

    public void Begin(long at)
    {
        _startedAt = order.Cause?.Trouble.Since ?? at;
        var profile = server.Profile;
        var number = profile.Linked.System == _from ? profile.Linked.Number.ToString() : "-";
        server.LiveStream.Clear();
        Line(at, "begin", "2", order.Id.ToString("D"), order.Now ? "now" : order.Restart ? "restart" : "boot", order.Target, order.Generation.ToString(), _from.Path.Text, number, server.Clock.BootId.ToString("D"), (order.Probation / 1_000_000).ToString(), (order.Confirm / 1_000_000).ToString());
        if (order.Cause is { } cause)
        {
            Line(at, "cause", "standing", cause.Operation.ToString("D"));
            Tell(at, cause.Trouble);
            Line(at, "verdict", "bad", cause.Trouble.Unit, cause.Trouble.Text);
        }

        Stage(at + Millisecond, "preflight");
        Then(at + (server.Random.Next(9, 16) * Millisecond), Preflight);
    }

    /// <summary>What confirm.sh answers.</summary>
    public string Confirm(long at)
    {
        if (_activatedAt == 0)
        {
            return _decided ? "late" : "early";
        }

        if (_decided)
        {
            _standConfirmed |= files.HasEnded && order.Stand.Length > 0;
            return _standConfirmed ? "confirmed" : "late";
        }

        if (!Confirmed)
        {
            Confirmed = true;
            if (!files.HasEnded)
            {
                Line(at, "confirmed");
            }
        }

        return "confirmed";
    }

    /// <summary>What stop.sh answers.</summary>
    public string Stop(long at)
    {
        if (_decided || files.HasEnded || _target is null)
        {
            return "late";
        }

        GoBack(at, new SwitchTroubleLine("stopped", "-", at, "A person stopped it."), "It was stopped by a person.");
        return "stopping";
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
                Stage(then, "armed");
                Line(then, "note", "deadline", (15 + ((order.Probation + order.Confirm) / 1_000_000)).ToString());
                Then(then + (3 * Millisecond), armed =>
                {
                    End(armed, true, "");
                    Activate(armed);
                });
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
            _activatedAt = then;
            Stage(then, "probation");
            if (server.Profile.RebootNeeded)
            {
                Line(then, "note", "reboot", _target!.BootPartsAfter(server.Profile.Booted));
            }

            Then(then + (server.Random.Next(25, 70) * Millisecond), looked => Look(looked, status));
        });
        Then(at + Glance, Observe);
    }

    // Beside the activation and the probation, from the first unit on.
    private void Observe(long at)
    {
        if (_decided)
        {
            return;
        }

        var worse = order.Cause is null ? server.Services.Troubled().Where(unit => !_before.Contains(unit)).Select(server.Services.Find).OfType<DemoUnit>().FirstOrDefault() : null;
        if (worse is null)
        {
            Then(at + Glance, Observe);
            return;
        }

        var text = $"{worse.Name}: {worse.Result}, status {worse.ExitStatus}";
        GoBack(at, new SwitchTroubleLine(worse.Active == "failed" ? "failed" : "crash", worse.Name, worse.ChangedAt, text), Crashed(worse.Name));
    }

    private void Tell(long at, SwitchTroubleLine trouble) =>
        Line(at, "trouble", trouble.Kind, trouble.Unit, Math.Max(0, trouble.Since - _startedAt).ToString(), trouble.Text);

    private void Stage(long at, string name)
    {
        _stage = name;
        Line(at, "stage", name);
    }

    private void End(long at, bool ok, string text) => Line(at, "ended", _stage, ok ? "ok" : "failed", text);

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

    private void Then(long at, Action<long> happens) => server.Later(at, happens);
}
