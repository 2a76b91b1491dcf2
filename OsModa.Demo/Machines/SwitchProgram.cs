using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>What a switch from one system to another does to units, by the rules of NixOS's switch program.</summary>
internal sealed record UnitPlan(IReadOnlyList<string> Stop, IReadOnlyList<string> Keep, IReadOnlyList<string> Reload, IReadOnlyList<string> Restart, IReadOnlyList<string> Start)
{
    private static readonly HashSet<string> ReloadIfChanged = new(StringComparer.Ordinal) { "dbus.service", "firewall.service" };

    private static readonly HashSet<string> NeverRestart = new(StringComparer.Ordinal) { "systemd-logind.service", "getty@tty1.service", "nixos-upgrade.service" };

    /// <summary>In place, without a gap between stop and start.</summary>
    private static readonly HashSet<string> RestartInPlace = new(StringComparer.Ordinal)
    {
        "systemd-journald.service", "systemd-networkd.service", "systemd-resolved.service", "systemd-udevd.service", "nscd.service", "sshd.service",
    };

    public static UnitPlan Of(DemoSystem from, DemoSystem to, Systemd services)
    {
        List<string> stop = [], keep = [], reload = [], restart = [], start = [];
        foreach (var unit in services.Units.Where(static u => u.Active is "active" or "activating" && u.Template.IsService).Select(static u => u.Name))
        {
            if (!to.Units.TryGetValue(unit, out var after))
            {
                stop.Add(unit);
            }
            else if (from.Units.TryGetValue(unit, out var before) && before.Path != after.Path)
            {
                (NeverRestart.Contains(unit) ? keep : ReloadIfChanged.Contains(unit) ? reload : RestartInPlace.Contains(unit) ? restart : start).Add(unit);
            }
        }

        stop.AddRange(start);
        // Targets are started again, and with them what should run and does not: new units, and those that had failed.
        start.AddRange(to.Units.Values.Where(f => f.Template.Kind is not UnitKind.Job && services.Find(f.Template.Name) is not { Active: "active" or "activating" }).Select(static f => f.Template.Name));
        return new UnitPlan(stop, keep, reload, restart, start);
    }

    /// <summary>What the switch program's dry run says.</summary>
    public IEnumerable<string> DryRun() =>
    [
        .. Say("would stop", Stop),
        .. Keep.Count == 0 ? [] : new[] { $"would NOT stop the following changed units: {string.Join(", ", Keep)}" },
        "would activate the configuration...",
        .. Say("would reload", Reload),
        .. Say("would restart", Restart),
        .. Say("would start", Start),
    ];

    /// <summary>One line of the switch program about some units; none when there are none.</summary>
    public static IEnumerable<string> Say(string what, IEnumerable<string> units)
    {
        var names = string.Join(", ", units.Order(StringComparer.OrdinalIgnoreCase));
        return names.Length == 0 ? [] : [$"{what} the following units: {names}"];
    }
}

/// <summary>The program <c>bin/switch-to-configuration</c> of a simulated system, with its order, its words and its exit statuses.</summary>
internal sealed class SwitchProgram(DemoServer server)
{
    private const long Millisecond = 1000;

    /// <summary>It waits until systemd has been quiet for so long.</summary>
    private const long Settle = 250 * Millisecond;

    /// <summary>And no longer than this.</summary>
    private const long LongestSettle = 90_000 * Millisecond;

    /// <summary>Somebody has ended it: what it would have done next does not happen.</summary>
    public bool Stopped { get; set; }

    /// <summary>Activates <paramref name="target"/> without touching what starts at next boot.</summary>
    /// <param name="print">Takes its output line by line.</param>
    /// <param name="ended">Takes its exit status: 0, or 4 when units failed.</param>
    public void Test(DemoSystem target, long at, Action<string> print, Action<int, long> ended)
    {
        var services = server.Services;
        var plan = UnitPlan.Of(server.Profile.Current, target, services);
        server.TakeLock(held: true);
        Log(at, 6, $"switching to system configuration {target.Path}");
        Print(print, UnitPlan.Say("stopping", plan.Stop));
        var stopped = plan.Stop.Select(services.Find).OfType<DemoUnit>().Select(unit => services.Stop(unit, at)).Append(at + (15 * Millisecond)).Max();
        Then(stopped + Millisecond, activating =>
        {
            Print(print, plan.Keep.Count == 0 ? [] : [$"NOT restarting the following changed units: {string.Join(", ", plan.Keep)}"]);
            print("activating the configuration...");
            Then(activating + (server.Random.Next(120, 260) * Millisecond), etc => print("setting up /etc..."));
            Then(activating + (server.Random.Next(270, 420) * Millisecond), activated =>
            {
                server.Profile.Current = target;
                server.PinsChanged();
                Then(activated + (110 * Millisecond), loaded => StartUnits(target, plan, loaded, print, ended));
            });
        });
    }

    /// <summary>Makes what the profile names the default at next boot.</summary>
    public void Boot(long at, Action<int, long> ended) => Then(at + (server.Random.Next(60, 160) * Millisecond), then => ended(0, then));

    private void StartUnits(DemoSystem target, UnitPlan plan, long at, Action<string> print, Action<int, long> ended)
    {
        var services = server.Services;
        services.ResetFailed(at);
        services.Load(target, at);
        Print(print, UnitPlan.Say("reloading", plan.Reload));
        Print(print, UnitPlan.Say("restarting", plan.Restart));
        Print(print, UnitPlan.Say("starting", plan.Start));
        var up = plan.Restart.Select(services.Find).OfType<DemoUnit>().Select(unit => services.Restart(unit, at))
            .Concat(plan.Start.Select(services.Find).OfType<DemoUnit>().Select(unit => services.Start(unit, at)))
            .Append(at).Max();
        server.Exert(0.02 * plan.Start.Count, at);
        Then(up + Settle, then => SettleDown(target, then, up + LongestSettle, print, ended));
    }

    private void SettleDown(DemoSystem target, long at, long until, Action<string> print, Action<int, long> ended)
    {
        var services = server.Services;
        var newest = services.Units.Max(static u => u.ChangedAt);
        if (newest > at - Settle && at < until)
        {
            Then(newest + Settle, then => SettleDown(target, then, until, print, ended));
            return;
        }

        var troubled = services.Troubled().ToList();
        if (troubled.Count > 0)
        {
            print($"warning: the following units failed: {string.Join(", ", troubled)}");
        }

        Log(at, troubled.Count > 0 ? 3 : 6, troubled.Count > 0
            ? $"switching to system configuration {target.Path} failed (status 4)"
            : $"finished switching to system configuration {target.Path}");
        if (troubled.Count == 0)
        {
            server.Chain?.Write(at, AgentDeed.Switched("root", target.Path.Text));
        }

        server.TakeLock(held: false);
        ended(troubled.Count > 0 ? 4 : 0, at);
    }

    private void Then(long at, Action<long> happens) => server.Later(at, then =>
    {
        if (!Stopped)
        {
            happens(then);
        }
    });

    private void Log(long at, int priority, string text) => server.Say(new JournalEntry(at, "", priority, "nixos", 2, text, ""));

    private static void Print(Action<string> print, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            print(line);
        }
    }
}
