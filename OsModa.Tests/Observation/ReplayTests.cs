using OsModa.Core.Observation;
using Xunit;

namespace OsModa.Tests.Observation;

/// <summary>What real servers told, told again: each recording is of one server of the lab (bookworm, systemd 252).</summary>
public sealed class ReplayTests
{
    [Fact]
    public void A_calm_server_is_healthy_and_whole()
    {
        var state = Recording.Replay(Recording.Lines("calm"), new HandClock()).Last();

        Assert.Equal((Reach.Live, ServerHealth.Healthy), (state.Reach, state.Health));
        Assert.Equal((3, 3), state.Agents);
        Assert.Equal(("nixos", true), (state.Host!.OsId, state.Host.MayAct));
        Assert.StartsWith("252", state.Host.SystemdVersion, StringComparison.Ordinal);
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], state.Generations.Select(g => g.Number));
        Assert.Equal((7, false), (state.Pins!.NextBootNumber!.Value, state.Pins.RebootNeeded));
        Assert.Equal(state.Pins.Current, state.Generations[0].System);
        Assert.All(state.Generations, g => Assert.NotNull(g.KernelVersion));
        Assert.Equal("debug", Assert.Single(state.Generations[^1].Specialisations));
        Assert.True(state.Load!.MemoryTotalBytes > state.Load.MemoryAvailableBytes);
        Assert.NotNull(state.Units[UnitName.Parse("nginx.service")].MainPid);
        Assert.Equal(UnitHealth.Healthy, state.Units[UnitName.Parse("-.mount")].Health);
        Assert.Empty(state.Troubles);
    }

    [Fact]
    public void Stop_start_and_crash_are_seen_one_after_the_other()
    {
        var states = Recording.Replay(Recording.Lines("start-stop-crash"), new HandClock()).ToList();

        Assert.Equal(
            [UnitActivity.Active, UnitActivity.Deactivating, UnitActivity.Inactive, UnitActivity.Active],
            Steps(states, "nginx.service", unit => unit.Activity));
        Assert.Equal([UnitHealth.Healthy, UnitHealth.Failed, UnitHealth.Resting], Steps(states, "once.service", unit => unit.Health)[^3..]);
        Assert.Contains(states, s => s.Units.TryGetValue(UnitName.Parse("once.service"), out var unit) && unit is { ExitStatus: 3, Result: "exit-code", Why: not null });
        Assert.DoesNotContain(UnitName.Parse("once.service"), states[^1].Units.Keys);
    }

    [Fact]
    public void A_crash_loop_is_told_by_its_restarts()
    {
        var states = Recording.Replay(Recording.Lines("crash-loop"), new HandClock()).ToList();
        var steps = Steps(states, "agent-looper.service", unit => unit.Health);

        Assert.Contains(UnitHealth.CrashLoop, steps);
        var first = states.FindIndex(s => s.Units.TryGetValue(UnitName.Parse("agent-looper.service"), out var u) && u.Health == UnitHealth.CrashLoop);
        Assert.Equal((ServerHealth.CrashLoop, (3, 4)), (states[first].Health, states[first].Agents));
        Assert.Equal([UnitHealth.CrashLoop], Steps(states.Skip(first), "agent-looper.service", unit => unit.Health));
        Assert.Equal((ServerHealth.Healthy, (3, 3)), (states[^1].Health, states[^1].Agents));
    }

    [Fact]
    public void Daemon_reload_and_daemon_reexec_lose_no_unit()
    {
        var states = Recording.Replay(Recording.Lines("reexec"), new HandClock()).ToList();
        var whole = states.FindIndex(s => s.Reach == Reach.Live);

        Assert.All(states.Skip(whole), s => Assert.True(s.Units.ContainsKey(UnitName.Parse("redis-main.service"))));
        Assert.Equal(states[whole].Units.Count, states[^1].Units.Count);
        Assert.Contains(UnitActivity.Activating, Steps(states.Skip(whole), "redis-main.service", unit => unit.Activity));
        Assert.Equal(ServerHealth.Healthy, states[^1].Health);
    }

    [Fact]
    public void Switches_by_hand_show_in_the_pins_and_are_not_ours_nor_is_the_one_before_anybody_looked()
    {
        var states = Recording.Replay(Recording.Lines("hand-switch"), new HandClock()).ToList();
        var changes = states.Select(s => s.LastChange).Where(c => c?.What is ChangeKind.SwitchedTo or ChangeKind.RolledBackTo or ChangeKind.NextBootSet).Distinct().ToList();

        Assert.Equal(
            ["SwitchedTo 7", "NextBootSet 2", "RolledBackTo 2", "NextBootSet 1", "NextBootSet 3", "SwitchedTo 3"],
            changes.Select(c => $"{c!.What} {c.Subject}"));
        Assert.All(changes, c => Assert.False(c!.Ours));
        Assert.Contains(states, s => s.Switch is { Operation: null, Outcome: null } && s.Health == ServerHealth.Switching);
        Assert.Null(states[^1].Switch);
        Assert.Equal(states[^1].Pins!.Current, states[^1].Generations.Single(g => g.Number == 3).System);
    }

    private static List<T> Steps<T>(IEnumerable<ServerState> states, string unit, Func<UnitState, T> of)
    {
        var steps = new List<T>();
        foreach (var state in states)
        {
            if (state.Units.TryGetValue(UnitName.Parse(unit), out var now) && (steps.Count == 0 || !Equals(steps[^1], of(now))))
            {
                steps.Add(of(now));
            }
        }

        return steps;
    }
}
