using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>The systemd of a simulated server: starts, stops, restarts and loses units as the real one does, states and messages included.</summary>
internal sealed class Systemd(DemoServer machine)
{
    private const long Millisecond = 1000;

    /// <summary>Restarts within the start limit's interval before systemd gives up on a unit that cannot start.</summary>
    private const int StartLimit = 5;

    private readonly UnitWords _words = new(machine);
    private readonly SortedDictionary<string, DemoUnit> _units = new(StringComparer.Ordinal);

    public IReadOnlyCollection<DemoUnit> Units => _units.Values;

    public DemoUnit? Find(string name) => _units.GetValueOrDefault(name);

    /// <summary>Names of units that have failed or are started again and again, as systemctl's list would show.</summary>
    public IEnumerable<string> Troubled() => _units.Values.Where(static u => u.Active == "failed" || u.Sub == "auto-restart").Select(static u => u.Name);

    /// <summary>All units of a system as they are some seconds after a boot at <paramref name="bootedAt"/>.</summary>
    /// <param name="since">When the system became what runs, if that was after the boot.</param>
    public void Boot(DemoSystem system, long bootedAt, long since)
    {
        _units.Clear();
        var order = 0;
        foreach (var file in system.Units.Values)
        {
            var unit = new DemoUnit(file.Template) { Defect = DefectOf(system, file.Template.Name) };
            _units.Add(unit.Name, unit);
            (unit.Active, unit.Sub) = file.Template.Up;
            unit.ChangedAt = unit.EnteredAt = bootedAt + ((900 + (order++ * 61)) * Millisecond);
            unit.InvocationId = NewInvocation();
            unit.MainPid = file.Template.Kind is UnitKind.Daemon ? NewPid() : 0;
            if (unit.Defect == Defect.Fails)
            {
                (unit.Active, unit.Sub, unit.Result, unit.ExitStatus, unit.Restarts, unit.MainPid) = ("failed", "failed", "exit-code", 1, StartLimit, 0);
                unit.ChangedAt = Math.Max(unit.ChangedAt, since + (4100 * Millisecond));
                _words.Failed(unit, unit.ChangedAt);
            }
            else if (unit.MainPid != 0)
            {
                _words.Started(unit, unit.ChangedAt);
            }

            Schedule(unit, unit.ChangedAt);
        }
    }

    /// <summary>Reads the unit files of another system: some are new, some are no longer there. Nothing starts or stops.</summary>
    public void Load(DemoSystem system, long at)
    {
        foreach (var name in _units.Keys.Where(name => !system.Units.ContainsKey(name)).ToList())
        {
            _units.Remove(name);
            machine.UnitGone(name, at);
        }

        foreach (var file in system.Units.Values)
        {
            if (!_units.TryGetValue(file.Template.Name, out var unit))
            {
                unit = new DemoUnit(file.Template) { ChangedAt = at };
                _units.Add(unit.Name, unit);
                machine.UnitChanged(unit, at, isNew: true);
            }

            unit.Defect = DefectOf(system, unit.Name);
        }
    }

    /// <returns>When it is up, or has given up.</returns>
    public long Start(DemoUnit unit, long at)
    {
        unit.Turn++;
        if (unit.Template.Kind is not (UnitKind.Daemon or UnitKind.Done or UnitKind.Job))
        {
            Set(unit, at, unit.Template.Up.Active, unit.Template.Up.Sub);
            return at;
        }

        unit.InvocationId = NewInvocation();
        unit.Result = "success";
        unit.ExitStatus = 0;
        unit.MainPid = NewPid();
        Set(unit, at, "activating", "start");
        _words.Starting(unit, at);
        var took = StartTime(unit.Template);
        Follow(unit, at + took, then => Started(unit, then));
        return at + took;
    }

    /// <returns>When it is down.</returns>
    public long Stop(DemoUnit unit, long at)
    {
        unit.Turn++;
        if (!unit.Template.IsService || unit.Active is "inactive" or "failed")
        {
            Set(unit, at, "inactive", "dead");
            return at;
        }

        Set(unit, at, "deactivating", "stop-sigterm");
        _words.Stopping(unit, at);
        var took = machine.Random.Next(30, 140) * Millisecond;
        Follow(unit, at + took, then =>
        {
            unit.MainPid = 0;
            unit.Restarts = 0;
            Set(unit, then, "inactive", "dead");
            _words.Stopped(unit, then);
        });
        return at + took;
    }

    /// <returns>When it is up again, or has given up.</returns>
    public long Restart(DemoUnit unit, long at)
    {
        var down = Stop(unit, at);
        var turn = unit.Turn;
        machine.Later(down + Millisecond, then =>
        {
            if (unit.Turn == turn)
            {
                unit.Restarts = 0;
                Start(unit, then);
            }
        });
        return down + Millisecond + StartTime(unit.Template);
    }

    public void ResetFailed(long at)
    {
        foreach (var unit in _units.Values.Where(static u => u.Active == "failed").ToList())
        {
            unit.Result = "success";
            Set(unit, at, "inactive", "dead");
        }
    }

    /// <summary>Its main process ends with a failure; systemd starts it again, as <c>Restart=always</c> has it.</summary>
    public void Crash(DemoUnit unit, long at, int status = 1)
    {
        End(unit, at, status);
        if (unit.Defect == Defect.Fails && unit.Restarts >= StartLimit)
        {
            _words.GivenUp(unit, at);
            Set(unit, at, "failed", "failed");
            return;
        }

        Set(unit, at, "activating", "auto-restart");
        Follow(unit, at + RestartPause(unit), then =>
        {
            unit.Restarts++;
            _words.RestartScheduled(unit, then);
            Start(unit, then);
        });
    }

    /// <summary>Its main process ends with a failure and stays down, as a unit without <c>Restart=</c> does.</summary>
    public void Fail(DemoUnit unit, long at, int status = 1)
    {
        End(unit, at, status);
        Set(unit, at, "failed", "failed");
    }

    /// <summary>It runs again at once.</summary>
    public void Recover(DemoUnit unit, long at)
    {
        unit.Turn++;
        unit.Result = "success";
        unit.ExitStatus = 0;
        unit.MainPid = NewPid();
        Set(unit, at, unit.Template.Up.Active, unit.Template.Up.Sub);
    }

    /// <summary>A job begins, or the one that has begun ends.</summary>
    public void Flip(DemoUnit unit, long at)
    {
        var begins = unit.Active == "inactive";
        unit.MainPid = begins ? NewPid() : 0;
        Set(unit, at, begins ? "activating" : "inactive", begins ? "start" : "dead");
    }

    private static long RestartPause(DemoUnit unit) => unit.Defect == Defect.Fails ? 100 * Millisecond : 3000 * Millisecond;

    private static Defect? DefectOf(DemoSystem system, string name) => system.Plan.Defects.TryGetValue(name, out var defect) ? defect : null;

    private static long StartTime(UnitTemplate template) => Millisecond * template switch
    {
        { Kind: UnitKind.Job } => 4000,
        { Kind: UnitKind.Done } => 60,
        { Agent: not null } => 620,
        { Package: "postgresql" } => 410,
        { Package: "osmoda-gateway" } => 540,
        _ => 90 + (template.Bytes / 4_000_000),
    };

    private void End(DemoUnit unit, long at, int status)
    {
        unit.Turn++;
        unit.MainPid = 0;
        unit.ExitStatus = status;
        unit.Result = "exit-code";
        _words.Failed(unit, at);
    }

    private void Started(DemoUnit unit, long at)
    {
        if (unit.Defect == Defect.Fails)
        {
            Crash(unit, at, 1);
            return;
        }

        var (active, sub) = unit.Template.Up;
        unit.MainPid = unit.Template.Kind is UnitKind.Daemon ? unit.MainPid : 0;
        Set(unit, at, active, sub);
        _words.Started(unit, at);
        Schedule(unit, at);
    }

    // A unit that crash-loops looks well for a second or two after each start.
    private void Schedule(DemoUnit unit, long at)
    {
        if (unit.Defect is Defect.CrashLoops)
        {
            Follow(unit, at + (machine.Random.Next(900, 2600) * Millisecond), then => Crash(unit, then));
        }
    }

    private void Follow(DemoUnit unit, long at, Action<long> happens)
    {
        var turn = unit.Turn;
        machine.Later(at, then =>
        {
            if (unit.Turn == turn)
            {
                happens(then);
            }
        });
    }

    private void Set(DemoUnit unit, long at, string active, string sub)
    {
        if (active == "active" && unit.Active != "active")
        {
            unit.EnteredAt = at;
        }

        unit.Active = active;
        unit.Sub = sub;
        unit.ChangedAt = at;
        machine.UnitChanged(unit, at, isNew: false);
    }

    private int NewPid() => machine.Random.Next(800, 60_000);

    private string NewInvocation() => Convert.ToHexStringLower([.. BitConverter.GetBytes(machine.Random.NextInt64()), .. BitConverter.GetBytes(machine.Random.NextInt64())]);
}
