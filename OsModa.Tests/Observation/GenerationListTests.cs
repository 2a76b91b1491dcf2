using OsModa.Core.Nix;
using OsModa.Core.Observation;
using Xunit;

namespace OsModa.Tests.Observation;

/// <summary>The generations of a server, those that are gone too.</summary>
public sealed class GenerationListTests : ServerStateRoom
{
    [Fact]
    public void Generations_that_vanish_stay_as_gone_and_a_number_can_come_again()
    {
        Snapshot(("a.service", "active"));
        Generations(1, 2);
        Clock.Advance(TimeSpan.FromMinutes(3));

        Generations(1);
        Assert.Equal([(2, true), (1, false)], State.Generations.Select(g => (g.Number, g.GoneAt is not null)));
        Assert.Equal((Clock.GetUtcNow(), null), (State.Generations[0].GoneAt, State.Generations[0].SeenAt));

        Say(Line["begin", "generations", "1"]);
        Say(Line["generation", "1", SystemA.Text, "1763766601000000", "a", "6.6.1", "", ""]);
        Say(Line["generation", "2", SystemA.Text, "1763766701000000", "a", "6.6.1", "", ""]);
        Say(Line["end", "generations", "2"]);
        Assert.Equal([(2, false), (2, true), (1, false)], State.Generations.Select(g => (g.Number, g.GoneAt is not null)));
    }

    [Fact]
    public void What_went_while_the_server_was_not_heard_went_after_it_was_last_heard()
    {
        Snapshot(("a.service", "active"));
        Generations(1, 2, 3);
        var heard = State.HeardAt;
        var hello = new ServerEvent.Hello(heard!.Value, Guid.Parse(Line.BootId), Wall: null, Mono: 0, MayAct: true);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Lose();
        Clock.Advance(TimeSpan.FromHours(2));
        // It speaks, and is lost before it has told all.
        State = State.Apply(hello with { At = Clock.GetUtcNow() });
        Lose();
        Clock.Advance(TimeSpan.FromHours(1));

        State = State.Apply(hello with { At = Clock.GetUtcNow() });
        Generations(1, 3);
        Assert.Equal((Clock.GetUtcNow(), heard), (State.Generations[1].GoneAt, State.Generations[1].SeenAt));

        Snapshot(("a.service", "active"));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Generations(1);
        Assert.Equal((3, Clock.GetUtcNow(), null), (State.Generations[0].Number, State.Generations[0].GoneAt, State.Generations[0].SeenAt));
        Assert.Equal(heard, State.Generations[1].SeenAt);
    }

    [Fact]
    public void A_generation_that_has_no_room_in_the_list_any_more_is_not_gone()
    {
        Snapshot(("a.service", "active"));
        Generations([.. Enumerable.Range(1, 1_024)]);

        Generations([.. Enumerable.Range(2, 1_025).Where(number => number != 7)]);

        Assert.Equal([7], State.Generations.Where(g => g.GoneAt is not null).Select(g => g.Number));
        Assert.Equal(1_026, State.Generations.Length);
    }

    [Fact]
    public void History_of_earlier_runs_is_older_than_what_the_server_tells()
    {
        Snapshot(("a.service", "active"));
        Generations(2);
        var gone = new Generation { Number = 1, System = SystemA, ActivatedAt = DateTimeOffset.UnixEpoch, GoneAt = DateTimeOffset.UnixEpoch };
        var stillThere = new Generation { Number = 2, System = SystemB, ActivatedAt = DateTimeOffset.UnixEpoch, GoneAt = DateTimeOffset.UnixEpoch, Label = "old" };

        State = State.Apply(new ServerEvent.HistoryLoaded(Clock.GetUtcNow(), [gone, stillThere]));

        Assert.Equal([(2, false), (1, true)], State.Generations.Select(g => (g.Number, g.GoneAt is not null)));
    }
}
