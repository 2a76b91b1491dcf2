using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class GenerationMarkTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private int _made;

    [Fact]
    public void Going_back_marks_what_was_left_with_the_reason()
    {
        var mark = GenerationMark.From([Moved(42, 41, reason: "scribe is slow")])[System(42)];

        Assert.Equal(("scribe is slow", "Ann"), (mark.Reason, mark.By));
    }

    [Fact]
    public void Without_a_reason_the_mark_says_what_happened() => Assert.Equal("rolled back to 41", GenerationMark.From([Moved(42, 41)])[System(42)].Reason);

    [Fact]
    public void Going_forward_again_marks_nothing_and_lifts_the_mark() => Assert.Empty(GenerationMark.From([Moved(42, 41, reason: "slow"), Moved(41, 42)]));

    [Fact]
    public void Going_nowhere_and_switches_of_others_mark_nothing() =>
        Assert.Empty(GenerationMark.From([Moved(42, 42), Moved(42, 41, kind: OperationKind.Elsewhere), Moved(42, 41, state: OperationState.Failed, verdict: SwitchVerdict.Refused), Moved(42, 41, state: OperationState.Running)]));

    [Fact]
    public void A_system_that_was_just_built_and_had_no_number_yet_marks_nothing() => Assert.Empty(GenerationMark.From([Moved(42, 0, kind: OperationKind.Deploy)]));

    [Fact]
    public void A_target_whose_units_turned_out_worse_is_marked_and_so_is_what_was_left()
    {
        var marks = GenerationMark.From([Moved(42, 41, state: OperationState.Failed, verdict: SwitchVerdict.Unhealthy, outcome: "scout crashes")]);

        Assert.Equal("scout crashes", marks[System(41)].Reason);
        Assert.Contains(System(42), marks);
    }

    [Fact]
    public void The_order_of_rows_does_not_matter()
    {
        Operation[] history = [Moved(42, 41, reason: "slow"), Moved(41, 42), Moved(42, 40, reason: "still slow")];

        Assert.Equal(GenerationMark.From(history), GenerationMark.From(history.Reverse()));
        Assert.Equal("still slow", GenerationMark.From(history)[System(42)].Reason);
    }

    private static string System(int generation) => OperationRoom.SystemOf(generation).Text;

    private Operation Moved(int from, int to, string reason = "", OperationKind kind = OperationKind.RollBack, OperationState state = OperationState.Verified, SwitchVerdict? verdict = null, string outcome = "") => new()
    {
        Id = Guid.NewGuid(), OrganisationId = Guid.Empty, ServerId = new ServerId(Guid.Empty), Kind = kind, TargetGeneration = to, TargetSystem = System(to), FromGeneration = from, FromSystem = System(from),
        Reason = reason, AuthorId = Guid.Empty, AuthorName = "Ann", StartedAt = Start.AddMinutes(_made++), State = state, Verdict = verdict, Outcome = outcome,
    };
}
