using OsModa.Core.Observation;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Observation;

/// <summary>What is known of a server's units: from the whole list of them, and from what the bus tells in between.</summary>
public sealed class UnitStateTests : ServerStateRoom
{
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
            if (!Parser.Begun)
            {
                Say(Line.Hello());
            }

            State = new ServerState { Server = ServerId.New() }.Apply(new ServerEvent.HistoryLoaded(Clock.GetUtcNow(), []) { LastChange = known });
            Say(Line["begin", "snapshot", "1"]);
            Say(Line["begin", "units", "1"]);
            Say(Line["unit", "nginx.service", "ActiveState=failed", "SubState=failed", "StateChangeTimestamp=1763766590000000"]);
            Say(Line["end", "units", "1"]);
            Say(Line["end", "snapshot", "3"]);
            return State.LastChange;
        }
    }

    [Fact]
    public void Units_that_the_whole_list_does_not_name_are_gone()
    {
        Snapshot(("a.service", "active"), ("b.service", "active"));

        Units(5_000, ("b.service", "active"));

        Assert.Equal(["b.service"], State.Units.Keys.Select(name => name.Text));
    }

    [Fact]
    public void A_list_is_older_than_the_bus_that_overtook_it()
    {
        Snapshot(("a.service", "active"));
        Say(Line["begin", "units", "5000"]);
        Say(Line["unit", "a.service", "ActiveState=active", "SubState=running", "Description=The newest words"]);
        Say(Line.Of('b', "unit", "a.service", "ActiveState=failed", "SubState=failed", "StateChangeTimestampMonotonic=5001"));
        Say(Line.Of('b', "unit", "new.service", "ActiveState=active", "StateChangeTimestampMonotonic=5002"));
        Say(Line["end", "units", "1"]);

        Assert.Equal((UnitHealth.Failed, "The newest words"), (Unit("a").Health, Unit("a").Description));
        Assert.Equal(UnitHealth.Healthy, Unit("new").Health);
    }

    [Fact]
    public void A_list_that_began_after_a_change_heals_what_the_bus_did_not_tell()
    {
        Snapshot(("a.service", "active"));
        Say(Line.Of('b', "unit", "a.service", "ActiveState=activating", "SubState=start", "StateChangeTimestampMonotonic=5001"));

        Units(6_000, ("a.service", "failed"));

        Assert.Equal(UnitHealth.Failed, Unit("a").Health);
    }

    [Fact]
    public void Units_that_do_not_exist_are_no_units()
    {
        Snapshot(("a.service", "active"));
        Say(Line["begin", "units", "7000"]);
        Say(Line["unit", "a.service", "ActiveState=active"]);
        Say(Line["unit", "plymouth.service", "LoadState=not-found", "ActiveState=inactive", "SubState=dead"]);
        Say(Line["end", "units", "2"]);

        Assert.Single(State.Units);
    }

    [Fact]
    public void While_systemd_reloads_its_units_none_is_gone()
    {
        Snapshot(("a.service", "active"));
        Say(Line.Passed('b', "bus", """{"member":"Reloading","payload":{"type":"b","data":[true]}}"""));
        Say(Line.Passed('b', "bus", """{"member":"UnitRemoved","payload":{"data":["a.service","/x"]}}"""));
        Assert.Single(State.Units);

        Say(Line.Passed('b', "bus", """{"member":"Reloading","payload":{"type":"b","data":[false]}}"""));
        Say(Line.Passed('b', "bus", """{"member":"UnitRemoved","payload":{"data":["a.service","/x"]}}"""));
        Assert.Empty(State.Units);
    }

    [Fact]
    public void A_unit_that_fails_and_recovers_makes_a_sentence_each()
    {
        Snapshot(("a.service", "active"));
        Assert.Null(State.LastChange);

        Say(Line["unit", "a.service", "ActiveState=failed", "SubState=failed", "Result=exit-code", "ExecMainCode=1", "ExecMainStatus=3"]);
        Say(Line["words", "1763766603000123", "d9b373ed55a64feb8242e02dbe79a49c", "a.service", "4", "systemd", "a.service: Failed with result 'exit-code'."]);
        Assert.Equal((ChangeKind.UnitFailed, "a", false), (State.LastChange!.What, State.LastChange.Subject, State.LastChange.Ours));
        Assert.Equal((3, "a.service: Failed with result 'exit-code'."), (Unit("a").ExitStatus, Unit("a").Why));

        Say(Line["unit", "a.service", "ActiveState=active", "SubState=running"]);
        Assert.Equal(ChangeKind.UnitRecovered, State.LastChange!.What);
    }

    [Fact]
    public void The_same_told_again_is_the_same_state()
    {
        Snapshot(("a.service", "active"));
        Say(Line.Of('b', "unit", "a.service", "ActiveState=failed", "SubState=failed", "StateChangeTimestampMonotonic=9"));
        var before = State;

        Say(Line.Of('b', "unit", "a.service", "ActiveState=failed", "SubState=failed", "StateChangeTimestampMonotonic=9"));

        Assert.Same(before, State);
    }

    [Fact]
    public void Agents_are_counted_by_whether_they_run()
    {
        Snapshot(("agent-scout.service", "active"), ("agent-scribe.service", "failed"), ("nginx.service", "active"));

        Assert.Equal((1, 2), State.Agents);
    }
}
