using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class CrashLoopTests
{
    private readonly HandClock _clock = new();
    private readonly FrameLines _line = new();
    private readonly ProtocolParser _parser;
    private ServerState _state = new() { Server = ServerId.New() };

    public CrashLoopTests()
    {
        _parser = new ProtocolParser(_clock);
        Say(_line.Hello());
        Say(_line["unit", "a.service", "ActiveState=active", "SubState=running", "Result=success", "NRestarts=0"]);
        _state = _state.Apply(new ServerEvent.SnapshotEnded(_clock.GetUtcNow()));
    }

    [Fact]
    public void One_restart_is_no_loop()
    {
        Restart(1);

        Assert.Equal(UnitHealth.Healthy, Health);
    }

    [Fact]
    public void Two_restarts_within_a_minute_are_a_loop_though_systemd_calls_the_unit_active()
    {
        Restart(1);
        Pass(TimeSpan.FromSeconds(30));
        Restart(2);

        Assert.Equal((UnitHealth.CrashLoop, ServerHealth.CrashLoop, ChangeKind.UnitCrashLoop), (Health, _state.Health, _state.LastChange!.What));
    }

    [Fact]
    public void Two_restarts_in_two_minutes_are_no_loop()
    {
        Restart(1);
        Pass(TimeSpan.FromSeconds(61));
        Restart(2);

        Assert.Equal(UnitHealth.Healthy, Health);
    }

    [Fact]
    public void A_loop_is_over_after_a_calm_minute_by_the_beats_alone()
    {
        Restart(1);
        Restart(2);
        Pass(TimeSpan.FromSeconds(59));
        Assert.Equal(UnitHealth.CrashLoop, Health);

        Pass(TimeSpan.FromSeconds(2));

        Assert.Equal((UnitHealth.Healthy, ChangeKind.UnitRecovered), (Health, _state.LastChange!.What));
        Assert.Null(_state.ReviewAt);
    }

    [Fact]
    public void A_slow_loop_does_not_flap()
    {
        Restart(1);
        Restart(2);
        for (var n = 3; n < 9; n++)
        {
            Pass(TimeSpan.FromSeconds(45));
            Restart(n);
            Assert.Equal(UnitHealth.CrashLoop, Health);
        }
    }

    [Fact]
    public void A_unit_that_waits_for_its_second_restart_is_in_a_loop()
    {
        Say(_line["unit", "a.service", "ActiveState=activating", "SubState=auto-restart", "Result=exit-code", "NRestarts=0"]);
        Assert.Equal(UnitHealth.Changing, Health);

        Restart(1);
        Say(_line["unit", "a.service", "ActiveState=activating", "SubState=auto-restart", "Result=exit-code"]);
        Assert.Equal(UnitHealth.CrashLoop, Health);

        Say(_line["unit", "a.service", "ActiveState=active", "SubState=running", "Result=success"]);
        Assert.Equal(UnitHealth.CrashLoop, Health);
    }

    [Fact]
    public void A_crash_every_other_day_is_no_loop_though_systemd_goes_on_counting()
    {
        Say(_line["unit", "a.service", "ActiveState=active", "SubState=running", "NRestarts=7", At("ActiveEnter", 1_000)]);
        Pass(TimeSpan.FromDays(2));

        Say(_line["unit", "a.service", "ActiveState=activating", "SubState=auto-restart", "Result=exit-code", At("StateChange", 1_000 + (2 * 86_400))]);

        Assert.Equal(UnitHealth.Changing, Health);
    }

    [Fact]
    public void A_unit_seen_for_the_first_time_that_ran_for_seconds_between_two_restarts_is_in_a_loop()
    {
        Say(_line["unit", "b.service", "ActiveState=activating", "SubState=auto-restart", "Result=exit-code", "NRestarts=3", At("ActiveEnter", 1_000), At("StateChange", 1_003)]);

        Assert.Equal(UnitHealth.CrashLoop, _state.Units[UnitName.Parse("b.service")].Health);
    }

    [Fact]
    public void A_unit_that_never_comes_up_is_in_a_loop_however_slow_its_tries_and_however_long_ago_it_ran()
    {
        Say(_line["unit", "a.service", "ActiveState=active", "SubState=running", "NRestarts=0", At("ActiveEnter", 1_000)]);
        for (var round = 0; round < 2; round++)
        {
            Pass(TimeSpan.FromMinutes(3));
            Say(_line["unit", "a.service", "ActiveState=activating", "SubState=start", $"NRestarts={round}", At("StateChange", 9_000 + (180 * round))]);
            Say(_line["unit", "a.service", "ActiveState=activating", "SubState=auto-restart", "Result=timeout", At("StateChange", 9_090 + (180 * round))]);
        }

        Assert.Equal(UnitHealth.CrashLoop, Health);
    }

    [Fact]
    public void A_unit_that_waits_for_an_hour_is_still_in_a_loop()
    {
        Restart(1);
        Say(_line["unit", "a.service", "ActiveState=activating", "SubState=auto-restart", "Result=exit-code"]);
        for (var minute = 0; minute < 60; minute++)
        {
            Pass(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(UnitHealth.CrashLoop, Health);
    }

    [Fact]
    public void At_the_start_limit_it_has_failed()
    {
        Restart(1);
        Restart(2);
        Say(_line["unit", "a.service", "ActiveState=failed", "SubState=failed", "Result=exit-code"]);
        Assert.Equal(UnitHealth.CrashLoop, Health);

        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal((UnitHealth.Failed, ChangeKind.UnitFailed), (Health, _state.LastChange!.What));
    }

    [Fact]
    public void A_unit_that_fails_without_a_loop_has_failed_at_once()
    {
        Say(_line["unit", "a.service", "ActiveState=failed", "SubState=failed", "Result=exit-code"]);

        Assert.Equal(UnitHealth.Failed, Health);
    }

    [Fact]
    public void Being_failed_and_inactive_in_passing_does_not_interrupt_a_loop()
    {
        for (var n = 1; n < 4; n++)
        {
            Say(_line["unit", "a.service", "ActiveState=failed", "SubState=failed", "Result=exit-code"]);
            Say(_line["unit", "a.service", "ActiveState=activating", "SubState=auto-restart"]);
            Say(_line["unit", "a.service", $"NRestarts={n}"]);
            Say(_line["unit", "a.service", "ActiveState=inactive", "SubState=dead", "Result=success"]);
            Say(_line["unit", "a.service", "ActiveState=active", "SubState=running"]);
            Assert.Equal(n == 1 ? UnitHealth.Healthy : UnitHealth.CrashLoop, Health);
            Pass(TimeSpan.FromSeconds(3));
        }
    }

    [Fact]
    public void Stopped_by_hand_it_rests_and_a_new_start_counts_anew()
    {
        Restart(1);
        Restart(2);
        Say(_line["unit", "a.service", "ActiveState=inactive", "SubState=dead", "Result=success"]);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(UnitHealth.Resting, Health);

        Say(_line["unit", "a.service", "ActiveState=active", "SubState=running", "NRestarts=0"]);
        Restart(1);

        Assert.Equal(UnitHealth.Healthy, Health);
    }

    [Fact]
    public void Restarts_of_a_long_absence_are_not_restarts_of_the_last_minute()
    {
        _clock.Advance(TimeSpan.FromHours(5));

        var again = new ProtocolParser(_clock);
        var line = new FrameLines();
        foreach (var said in new[] { line.Hello(), line["unit", "a.service", "ActiveState=active", "SubState=running", "NRestarts=9"] })
        {
            _state = again.Read(said) is { } told ? _state.Apply(told) : _state;
        }

        Assert.Equal(UnitHealth.Healthy, Health);
    }

    private UnitHealth Health => _state.Units[UnitName.Parse("a.service")].Health;

    private static string At(string what, int seconds) => $"{what}TimestampMonotonic={seconds}000000";

    private void Restart(int count) => Say(_line["unit", "a.service", "ActiveState=active", "SubState=running", "Result=success", $"NRestarts={count}"]);

    private void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        Say(_line["beat", "1"]);
    }

    private void Say(byte[] line) => _state = _parser.Read(line) is { } told ? _state.Apply(told) : _state;
}
