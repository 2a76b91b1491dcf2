using OsModa.Core.Observation;
using Xunit;

namespace OsModa.Tests.Observation;

/// <summary>Which system runs and which is next, and whose a switch was.</summary>
public sealed class PinsAndSwitchTests : ServerStateRoom
{
    [Fact]
    public void A_switch_that_nobody_saw_is_found_by_the_age_of_the_generation_that_runs()
    {
        Say(Line.Hello());
        State = State.Apply(new ServerEvent.HistoryLoaded(Clock.GetUtcNow(), []) { LastChange = new LastChange(DateTimeOffset.UnixEpoch, ChangeKind.SwitchedTo, "1", Ours: true) });
        Pins(SystemB, SystemB, 2);
        Generations(1, 2);

        State = State.Apply(new ServerEvent.SnapshotEnded(Clock.GetUtcNow()));

        Assert.Equal(new LastChange(DateTimeOffset.UnixEpoch.AddMicroseconds(1763766601000000), ChangeKind.SwitchedTo, "2", Ours: false), State.LastChange);
    }

    [Fact]
    public void A_switch_by_hand_moves_the_pins_and_is_not_ours()
    {
        Snapshot(("a.service", "active"));
        Pins(SystemA, SystemA, 1);
        Generations(1, 2);

        Pins(SystemA, SystemB, 2);
        Assert.Equal((ChangeKind.NextBootSet, "2"), (State.LastChange!.What, State.LastChange.Subject));
        Assert.Equal(ServerHealth.Drifted, State.Health);

        Pins(SystemB, SystemB, 2);
        Assert.Equal((ChangeKind.SwitchedTo, "2", false), (State.LastChange!.What, State.LastChange.Subject, State.LastChange.Ours));

        Pins(SystemA, SystemA, 1);
        Assert.Equal((ChangeKind.RolledBackTo, "1", false), (State.LastChange!.What, State.LastChange.Subject, State.LastChange.Ours));
        Assert.Equal(ServerHealth.Healthy, State.Health);
    }

    [Fact]
    public void What_a_switch_of_ours_moves_is_ours_also_when_it_is_seen_after_the_end()
    {
        Snapshot(("a.service", "active"));
        Generations(1, 2);
        Pins(SystemA, SystemA, 1);
        var id = Guid.NewGuid().ToString("D");
        Operation(id, $"0\t1763766601000000\tbegin\t1\t{id}\tnow\t{SystemB}\t2\t{SystemA}\t1\t{Line.BootId}");
        Operation(id, "10\t1763766601000010\tstage\tactivate");
        Assert.Equal(ServerHealth.Switching, State.Health);

        Pins(SystemB, SystemA, 1);
        Assert.True(State.LastChange!.Ours);

        Operation(id, $"900\t1763766601000900\tdone\tverified\t0\t{SystemB}\t{SystemB}\t2\t");
        Pins(SystemB, SystemB, 2);
        Assert.Equal((ChangeKind.SwitchedTo, true, ServerHealth.Healthy), (State.LastChange!.What, State.LastChange.Ours, State.Health));
    }

    [Fact]
    public void News_of_our_unit_and_of_the_lock_that_come_after_the_end_are_no_switch_by_hand()
    {
        Snapshot(("a.service", "active"));
        Generations(1, 2);
        var id = Guid.NewGuid().ToString("D");
        Operation(id, $"0\t1763766601000000\tbegin\t1\t{id}\tnow\t{SystemB}\t2\t{SystemA}\t1\t{Line.BootId}");
        Operation(id, $"900\t1763766601000900\tdone\tverified\t0\t{SystemB}\t{SystemB}\t2\t");
        Pins(SystemB, SystemB, 2);

        Say(Line["unit", "nixos-rebuild-switch-to-configuration.service", $"Description=osModa operation {id}", "ActiveState=deactivating", "SubState=stop-post"]);
        Say(Line["lock", "1"]);

        Assert.Equal((Guid.Parse(id), ServerHealth.Healthy), (State.Switch?.Operation, State.Health));
    }

    [Fact]
    public void The_way_back_of_a_switch_of_ours_is_ours_too()
    {
        const string Id = "01a2275c-c909-7ad2-b49d-877cbf2c52dc";
        Snapshot(("a.service", "active"));
        Pins(SystemA, SystemA, 1);
        Operation(Id, $"0\t1763766601000000\tbegin\t1\t{Id}\tnow\t{SystemB}\t2\t{SystemA}\t1\t{Line.BootId}");
        Pins(SystemB, SystemA, 1);
        Assert.True(State.LastChange!.Ours);

        Operation(Id, "10\t1763766601000010\tstage\tback");
        Pins(SystemA, SystemA, 1);

        Assert.True(State.LastChange!.Ours);
        Assert.Equal(State.Pins!.Current, SystemA);
    }
}
