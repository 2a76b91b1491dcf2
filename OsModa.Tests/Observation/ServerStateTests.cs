using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class ServerStateTests
{
    private static readonly StorePath SystemA = StorePath.Parse("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-a");
    private static readonly StorePath SystemB = StorePath.Parse("/nix/store/1123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-b");
    private readonly HandClock _clock = new();
    private readonly FrameLines _line = new();
    private readonly ProtocolParser _parser;
    private ServerState _state = new() { Server = ServerId.New() };

    public ServerStateTests() => _parser = new ProtocolParser(_clock);

    [Fact]
    public void A_server_that_was_never_heard_is_unknown_until_its_snapshot_is_whole()
    {
        Assert.Equal((Reach.Never, ServerHealth.Unknown), (_state.Reach, _state.Health));

        _state = _state.Apply(new ServerEvent.Connecting(_clock.GetUtcNow()));
        Assert.Equal(Reach.Connecting, _state.Reach);

        Snapshot(("nginx.service", "active"));
        Assert.Equal((Reach.Live, ServerHealth.Healthy), (_state.Reach, _state.Health));
        Assert.Equal(_clock.GetUtcNow(), _state.ReachSince);
    }

    [Fact]
    public void What_was_known_of_a_lost_server_stays_and_is_stale()
    {
        Snapshot(("nginx.service", "failed"));
        Assert.Equal(ServerHealth.Failed, _state.Health);
        var heard = _state.HeardAt;
        _clock.Advance(TimeSpan.FromSeconds(9));

        _state = _state.Apply(new ServerEvent.ConnectionLost(_clock.GetUtcNow(), new ConnectionFault(ConnectionFaultKind.Lost, "It does not answer.")));

        Assert.Equal((Reach.Lost, ServerHealth.Stale, heard, 1), (_state.Reach, _state.Health, _state.HeardAt, _state.Units.Count));
        Snapshot(("nginx.service", "active"));
        Assert.Equal((Reach.Live, null, ServerHealth.Healthy), (_state.Reach, _state.Fault, _state.Health));
    }

    [Fact]
    public void A_changed_host_key_stops_the_server_and_a_person_starts_it_again()
    {
        Snapshot(("nginx.service", "active"));

        _state = _state.Apply(new ServerEvent.ConnectionLost(_clock.GetUtcNow(), new ConnectionFault(ConnectionFaultKind.HostKeyChanged, "Changed.")));
        Assert.Equal(Reach.Stopped, _state.Reach);

        Assert.Equal(Reach.Connecting, _state.Apply(new ServerEvent.Connecting(_clock.GetUtcNow())).Reach);
    }

    [Fact]
    public void A_unit_that_had_failed_before_anybody_looked_is_the_last_change_unless_something_newer_is_written_down()
    {
        var failed = DateTimeOffset.UnixEpoch.AddMicroseconds(1763766590000000);
        var before = new LastChange(failed.AddDays(-2), ChangeKind.SwitchedTo, "41", Ours: false);
        var after = new LastChange(failed.AddDays(2), ChangeKind.RolledBackTo, "40", Ours: true);

        Assert.Equal(new LastChange(failed, ChangeKind.UnitFailed, "nginx", Ours: false), LastChangeAfter(before));
        Assert.Equal(after, LastChangeAfter(after));

        LastChange? LastChangeAfter(LastChange known)
        {
            if (!_parser.Begun)
            {
                Say(_line.Hello());
            }

            _state = new ServerState { Server = ServerId.New() }.Apply(new ServerEvent.HistoryLoaded(_clock.GetUtcNow(), []) { LastChange = known });
            Say(_line["begin", "snapshot", "1"]);
            Say(_line["begin", "units", "1"]);
            Say(_line["unit", "nginx.service", "ActiveState=failed", "SubState=failed", "StateChangeTimestamp=1763766590000000"]);
            Say(_line["end", "units", "1"]);
            Say(_line["end", "snapshot", "3"]);
            return _state.LastChange;
        }
    }

    [Fact]
    public void A_switch_that_nobody_saw_is_found_by_the_age_of_the_generation_that_runs()
    {
        Say(_line.Hello());
        _state = _state.Apply(new ServerEvent.HistoryLoaded(_clock.GetUtcNow(), []) { LastChange = new LastChange(DateTimeOffset.UnixEpoch, ChangeKind.SwitchedTo, "1", Ours: true) });
        Pins(SystemB, SystemB, 2);
        Generations(1, 2);

        _state = _state.Apply(new ServerEvent.SnapshotEnded(_clock.GetUtcNow()));

        Assert.Equal(new LastChange(DateTimeOffset.UnixEpoch.AddMicroseconds(1763766601000000), ChangeKind.SwitchedTo, "2", Ours: false), _state.LastChange);
    }

    [Fact]
    public void Units_that_the_whole_list_does_not_name_are_gone()
    {
        Snapshot(("a.service", "active"), ("b.service", "active"));

        Units(5_000, ("b.service", "active"));

        Assert.Equal(["b.service"], _state.Units.Keys.Select(name => name.Text));
    }

    [Fact]
    public void A_list_is_older_than_the_bus_that_overtook_it()
    {
        Snapshot(("a.service", "active"));
        Say(_line["begin", "units", "5000"]);
        Say(_line["unit", "a.service", "ActiveState=active", "SubState=running", "Description=The newest words"]);
        Say(_line.Of('b', "unit", "a.service", "ActiveState=failed", "SubState=failed", "StateChangeTimestampMonotonic=5001"));
        Say(_line.Of('b', "unit", "new.service", "ActiveState=active", "StateChangeTimestampMonotonic=5002"));
        Say(_line["end", "units", "1"]);

        Assert.Equal((UnitHealth.Failed, "The newest words"), (Unit("a").Health, Unit("a").Description));
        Assert.Equal(UnitHealth.Healthy, Unit("new").Health);
    }

    [Fact]
    public void A_list_that_began_after_a_change_heals_what_the_bus_did_not_tell()
    {
        Snapshot(("a.service", "active"));
        Say(_line.Of('b', "unit", "a.service", "ActiveState=activating", "SubState=start", "StateChangeTimestampMonotonic=5001"));

        Units(6_000, ("a.service", "failed"));

        Assert.Equal(UnitHealth.Failed, Unit("a").Health);
    }

    [Fact]
    public void Units_that_do_not_exist_are_no_units()
    {
        Snapshot(("a.service", "active"));
        Say(_line["begin", "units", "7000"]);
        Say(_line["unit", "a.service", "ActiveState=active"]);
        Say(_line["unit", "plymouth.service", "LoadState=not-found", "ActiveState=inactive", "SubState=dead"]);
        Say(_line["end", "units", "2"]);

        Assert.Single(_state.Units);
    }

    [Fact]
    public void While_systemd_reloads_its_units_none_is_gone()
    {
        Snapshot(("a.service", "active"));
        Say(_line.Passed('b', "bus", """{"member":"Reloading","payload":{"type":"b","data":[true]}}"""));
        Say(_line.Passed('b', "bus", """{"member":"UnitRemoved","payload":{"data":["a.service","/x"]}}"""));
        Assert.Single(_state.Units);

        Say(_line.Passed('b', "bus", """{"member":"Reloading","payload":{"type":"b","data":[false]}}"""));
        Say(_line.Passed('b', "bus", """{"member":"UnitRemoved","payload":{"data":["a.service","/x"]}}"""));
        Assert.Empty(_state.Units);
    }

    [Fact]
    public void A_unit_that_fails_and_recovers_makes_a_sentence_each()
    {
        Snapshot(("a.service", "active"));
        Assert.Null(_state.LastChange);

        Say(_line["unit", "a.service", "ActiveState=failed", "SubState=failed", "Result=exit-code", "ExecMainCode=1", "ExecMainStatus=3"]);
        Say(_line["words", "1763766603000123", "d9b373ed55a64feb8242e02dbe79a49c", "a.service", "4", "systemd", "a.service: Failed with result 'exit-code'."]);
        Assert.Equal((ChangeKind.UnitFailed, "a", false), (_state.LastChange!.What, _state.LastChange.Subject, _state.LastChange.Ours));
        Assert.Equal((3, "a.service: Failed with result 'exit-code'."), (Unit("a").ExitStatus, Unit("a").Why));

        Say(_line["unit", "a.service", "ActiveState=active", "SubState=running"]);
        Assert.Equal(ChangeKind.UnitRecovered, _state.LastChange!.What);
    }

    [Fact]
    public void The_same_told_again_is_the_same_state()
    {
        Snapshot(("a.service", "active"));
        Say(_line.Of('b', "unit", "a.service", "ActiveState=failed", "SubState=failed", "StateChangeTimestampMonotonic=9"));
        var before = _state;

        Say(_line.Of('b', "unit", "a.service", "ActiveState=failed", "SubState=failed", "StateChangeTimestampMonotonic=9"));

        Assert.Same(before, _state);
    }

    [Fact]
    public void A_switch_by_hand_moves_the_pins_and_is_not_ours()
    {
        Snapshot(("a.service", "active"));
        Pins(SystemA, SystemA, 1);
        Generations(1, 2);

        Pins(SystemA, SystemB, 2);
        Assert.Equal((ChangeKind.NextBootSet, "2"), (_state.LastChange!.What, _state.LastChange.Subject));
        Assert.Equal(ServerHealth.Drifted, _state.Health);

        Pins(SystemB, SystemB, 2);
        Assert.Equal((ChangeKind.SwitchedTo, "2", false), (_state.LastChange!.What, _state.LastChange.Subject, _state.LastChange.Ours));

        Pins(SystemA, SystemA, 1);
        Assert.Equal((ChangeKind.RolledBackTo, "1", false), (_state.LastChange!.What, _state.LastChange.Subject, _state.LastChange.Ours));
        Assert.Equal(ServerHealth.Healthy, _state.Health);
    }

    [Fact]
    public void What_a_switch_of_ours_moves_is_ours_also_when_it_is_seen_after_the_end()
    {
        Snapshot(("a.service", "active"));
        Generations(1, 2);
        Pins(SystemA, SystemA, 1);
        var id = Guid.NewGuid().ToString("D");
        Operation(id, $"0\t1763766601000000\tbegin\t1\t{id}\tnow\t{SystemB}\t2\t{SystemA}\t1\t{_line.BootId}");
        Operation(id, "10\t1763766601000010\tstage\tactivate");
        Assert.Equal(ServerHealth.Switching, _state.Health);

        Pins(SystemB, SystemA, 1);
        Assert.True(_state.LastChange!.Ours);

        Operation(id, $"900\t1763766601000900\tdone\tverified\t0\t{SystemB}\t{SystemB}\t2\t");
        Pins(SystemB, SystemB, 2);
        Assert.Equal((ChangeKind.SwitchedTo, true, ServerHealth.Healthy), (_state.LastChange!.What, _state.LastChange.Ours, _state.Health));
    }

    [Fact]
    public void News_of_our_unit_and_of_the_lock_that_come_after_the_end_are_no_switch_by_hand()
    {
        Snapshot(("a.service", "active"));
        Generations(1, 2);
        var id = Guid.NewGuid().ToString("D");
        Operation(id, $"0\t1763766601000000\tbegin\t1\t{id}\tnow\t{SystemB}\t2\t{SystemA}\t1\t{_line.BootId}");
        Operation(id, $"900\t1763766601000900\tdone\tverified\t0\t{SystemB}\t{SystemB}\t2\t");
        Pins(SystemB, SystemB, 2);

        Say(_line["unit", "nixos-rebuild-switch-to-configuration.service", $"Description=osModa operation {id}", "ActiveState=deactivating", "SubState=stop-post"]);
        Say(_line["lock", "1"]);

        Assert.Equal((Guid.Parse(id), ServerHealth.Healthy), (_state.Switch?.Operation, _state.Health));
    }

    [Fact]
    public void Generations_that_vanish_stay_as_gone_and_a_number_can_come_again()
    {
        Snapshot(("a.service", "active"));
        Generations(1, 2);
        _clock.Advance(TimeSpan.FromMinutes(3));

        Generations(1);
        Assert.Equal([(2, true), (1, false)], _state.Generations.Select(g => (g.Number, g.GoneAt is not null)));
        Assert.Equal((_clock.GetUtcNow(), null), (_state.Generations[0].GoneAt, _state.Generations[0].SeenAt));

        Say(_line["begin", "generations", "1"]);
        Say(_line["generation", "1", SystemA.Text, "1763766601000000", "a", "6.6.1", "", ""]);
        Say(_line["generation", "2", SystemA.Text, "1763766701000000", "a", "6.6.1", "", ""]);
        Say(_line["end", "generations", "2"]);
        Assert.Equal([(2, false), (2, true), (1, false)], _state.Generations.Select(g => (g.Number, g.GoneAt is not null)));
    }

    [Fact]
    public void What_went_while_the_server_was_not_heard_went_after_it_was_last_heard()
    {
        Snapshot(("a.service", "active"));
        Generations(1, 2, 3);
        var heard = _state.HeardAt;
        var hello = new ServerEvent.Hello(heard!.Value, Guid.Parse(_line.BootId), Wall: null, Mono: 0, MayAct: true);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Lose();
        _clock.Advance(TimeSpan.FromHours(2));
        // It speaks, and is lost before it has told all.
        _state = _state.Apply(hello with { At = _clock.GetUtcNow() });
        Lose();
        _clock.Advance(TimeSpan.FromHours(1));

        _state = _state.Apply(hello with { At = _clock.GetUtcNow() });
        Generations(1, 3);
        Assert.Equal((_clock.GetUtcNow(), heard), (_state.Generations[1].GoneAt, _state.Generations[1].SeenAt));

        Snapshot(("a.service", "active"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Generations(1);
        Assert.Equal((3, _clock.GetUtcNow(), null), (_state.Generations[0].Number, _state.Generations[0].GoneAt, _state.Generations[0].SeenAt));
        Assert.Equal(heard, _state.Generations[1].SeenAt);
    }

    [Fact]
    public void A_generation_that_has_no_room_in_the_list_any_more_is_not_gone()
    {
        Snapshot(("a.service", "active"));
        Generations([.. Enumerable.Range(1, 1_024)]);

        Generations([.. Enumerable.Range(2, 1_025).Where(number => number != 7)]);

        Assert.Equal([7], _state.Generations.Where(g => g.GoneAt is not null).Select(g => g.Number));
        Assert.Equal(1_026, _state.Generations.Length);
    }

    [Fact]
    public void History_of_earlier_runs_is_older_than_what_the_server_tells()
    {
        Snapshot(("a.service", "active"));
        Generations(2);
        var gone = new Generation { Number = 1, System = SystemA, ActivatedAt = DateTimeOffset.UnixEpoch, GoneAt = DateTimeOffset.UnixEpoch };
        var stillThere = new Generation { Number = 2, System = SystemB, ActivatedAt = DateTimeOffset.UnixEpoch, GoneAt = DateTimeOffset.UnixEpoch, Label = "old" };

        _state = _state.Apply(new ServerEvent.HistoryLoaded(_clock.GetUtcNow(), [gone, stillThere]));

        Assert.Equal([(2, false), (1, true)], _state.Generations.Select(g => (g.Number, g.GoneAt is not null)));
    }

    [Fact]
    public void Another_boot_empties_the_units_and_says_so()
    {
        Snapshot(("a.service", "active"));
        var id = Guid.NewGuid().ToString("D");
        Operation(id, $"0\t1763766601000000\tbegin\t1\t{id}\tnow\t{SystemB}\t2\t{SystemA}\t1\t{_line.BootId}");

        _state = _state.Apply(new ProtocolParser(_clock).Read(new FrameLines("aaaaaaaa").Hello())!);

        Assert.Empty(_state.Units);
        Assert.Null(_state.Switch);
        Assert.Equal(ChangeKind.Rebooted, _state.LastChange!.What);
    }

    [Fact]
    public void The_way_back_of_a_switch_of_ours_is_ours_too()
    {
        const string Id = "01a2275c-c909-7ad2-b49d-877cbf2c52dc";
        Snapshot(("a.service", "active"));
        Pins(SystemA, SystemA, 1);
        Operation(Id, $"0\t1763766601000000\tbegin\t1\t{Id}\tnow\t{SystemB}\t2\t{SystemA}\t1\t{_line.BootId}");
        Pins(SystemB, SystemA, 1);
        Assert.True(_state.LastChange!.Ours);

        Operation(Id, "10\t1763766601000010\tstage\tback");
        Pins(SystemA, SystemA, 1);

        Assert.True(_state.LastChange!.Ours);
        Assert.Equal(_state.Pins!.Current, SystemA);
    }

    [Fact]
    public void The_skew_of_the_clocks_is_measured()
    {
        Snapshot(("a.service", "active"));
        var wall = (_clock.GetUtcNow().AddHours(-1) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

        Say(_line["load", "0.5", "1000", "500", "2000", "100", wall.ToString()]);

        Assert.Equal(TimeSpan.FromHours(-1), _state.Load!.ClockSkew);
    }

    [Fact]
    public void Agents_are_counted_by_whether_they_run()
    {
        Snapshot(("agent-scout.service", "active"), ("agent-scribe.service", "failed"), ("nginx.service", "active"));

        Assert.Equal((1, 2), _state.Agents);
    }

    private void Lose() => _state = _state.Apply(new ServerEvent.ConnectionLost(_clock.GetUtcNow(), new ConnectionFault(ConnectionFaultKind.Lost, "It does not answer.")));

    private UnitState Unit(string name) => _state.Units[UnitName.Parse($"{name}.service")];

    private void Say(byte[] line) => _state = _parser.Read(line) is { } told ? _state.Apply(told) : _state;

    private void Snapshot(params (string Name, string Activity)[] units)
    {
        if (!_parser.Begun)
        {
            Say(_line.Hello());
        }

        Units(1_000, units);
        _state = _state.Apply(new ServerEvent.SnapshotEnded(_clock.GetUtcNow()));
    }

    private void Units(long mono, params (string Name, string Activity)[] units)
    {
        Say(_line["begin", "units", mono.ToString()]);
        foreach (var (name, activity) in units)
        {
            Say(_line["unit", name, $"ActiveState={activity}", "LoadState=loaded"]);
        }

        Say(_line["end", "units", units.Length.ToString()]);
    }

    private void Pins(StorePath current, StorePath next, int number) => Say(_line["pins", current.Text, SystemA.Text, next.Text, number.ToString(), "0"]);

    private void Operation(string id, string line) => Say(_line.Passed('o', "op", $"J\t{id}\t{line}"));

    private void Generations(params int[] numbers)
    {
        Say(_line["begin", "generations", "1"]);
        foreach (var number in numbers)
        {
            Say(_line["generation", number.ToString(), number == 1 ? SystemA.Text : SystemB.Text, "1763766601000000", "24.05", "6.6.1", "", "debug"]);
        }

        Say(_line["end", "generations", numbers.Length.ToString()]);
    }
}
