using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Observation;

/// <summary>Whether a server is heard and how it is, from what it tells.</summary>
public sealed class ServerStateTests : ServerStateRoom
{
    [Fact]
    public void A_server_that_was_never_heard_is_unknown_until_its_snapshot_is_whole()
    {
        Assert.Equal((Reach.Never, ServerHealth.Unknown), (State.Reach, State.Health));

        State = State.Apply(new ServerEvent.Connecting(Clock.GetUtcNow()));
        Assert.Equal(Reach.Connecting, State.Reach);

        Snapshot(("nginx.service", "active"));
        Assert.Equal((Reach.Live, ServerHealth.Healthy), (State.Reach, State.Health));
        Assert.Equal(Clock.GetUtcNow(), State.ReachSince);
    }

    [Fact]
    public void What_was_known_of_a_lost_server_stays_and_is_stale()
    {
        Snapshot(("nginx.service", "failed"));
        Assert.Equal(ServerHealth.Failed, State.Health);
        var heard = State.HeardAt;
        Clock.Advance(TimeSpan.FromSeconds(9));

        State = State.Apply(new ServerEvent.ConnectionLost(Clock.GetUtcNow(), new ConnectionFault(ConnectionFaultKind.Lost, "It does not answer.")));

        Assert.Equal((Reach.Lost, ServerHealth.Stale, heard, 1), (State.Reach, State.Health, State.HeardAt, State.Units.Count));
        Snapshot(("nginx.service", "active"));
        Assert.Equal((Reach.Live, null, ServerHealth.Healthy), (State.Reach, State.Fault, State.Health));
    }

    [Fact]
    public void A_changed_host_key_stops_the_server_and_a_person_starts_it_again()
    {
        Snapshot(("nginx.service", "active"));

        State = State.Apply(new ServerEvent.ConnectionLost(Clock.GetUtcNow(), new ConnectionFault(ConnectionFaultKind.HostKeyChanged, "Changed.")));
        Assert.Equal(Reach.Stopped, State.Reach);

        Assert.Equal(Reach.Connecting, State.Apply(new ServerEvent.Connecting(Clock.GetUtcNow())).Reach);
    }

    [Fact]
    public void Another_boot_empties_the_units_and_says_so()
    {
        Snapshot(("a.service", "active"));
        var id = Guid.NewGuid().ToString("D");
        Operation(id, $"0\t1763766601000000\tbegin\t1\t{id}\tnow\t{SystemB}\t2\t{SystemA}\t1\t{Line.BootId}");

        State = State.Apply(new ProtocolParser(Clock).Read(new FrameLines("aaaaaaaa").Hello())!);

        Assert.Empty(State.Units);
        Assert.Null(State.Switch);
        Assert.Equal(ChangeKind.Rebooted, State.LastChange!.What);
    }

    [Fact]
    public void The_skew_of_the_clocks_is_measured()
    {
        Snapshot(("a.service", "active"));
        var wall = (Clock.GetUtcNow().AddHours(-1) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

        Say(Line["load", "0.5", "1000", "500", "2000", "100", wall.ToString()]);

        Assert.Equal(TimeSpan.FromHours(-1), State.Load!.ClockSkew);
    }
}
