using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Pages.Rollback;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class OperationTaleTests
{
    private static readonly StorePath Old = StorePath.Parse("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-41"), New = StorePath.Parse("/nix/store/1123456789abcdfghijklmnpqrsvwxyz-nixos-42");

    private readonly Operation _row = Row(OperationKind.RollBack);

    private static Operation Row(OperationKind kind) => new()
    {
        Id = Guid.NewGuid(), OrganisationId = Guid.NewGuid(), ServerId = ServerId.New(), Kind = kind, TargetGeneration = 41, TargetSystem = Old.Text, FromGeneration = 42, FromSystem = New.Text,
        Reason = "", AuthorId = Guid.NewGuid(), AuthorName = "Ann", StartedAt = DateTimeOffset.UnixEpoch, State = OperationState.Running,
    };

    [Fact]
    public void While_it_runs_it_goes_back() => Assert.Equal("Going back to 41", Tell(Progress(null)).Title);

    [Fact]
    public void Verified_by_the_server_is_not_enough_before_observation_agrees()
    {
        var done = Progress(new SwitchOutcome(SwitchVerdict.Verified, 0, "") { Took = TimeSpan.FromSeconds(1.6) });

        Assert.False(Tell(done, current: New).Verified);
        Assert.True(Tell(done, current: Old).Verified);
        Assert.Equal("Back on 41", Tell(done, current: Old).Title);
    }

    [Theory]
    [InlineData(OperationState.Running, null, "Going forward to the new system")]
    [InlineData(OperationState.Failed, SwitchVerdict.NeedsReboot, "The new system needs a restart")]
    [InlineData(OperationState.RolledBack, SwitchVerdict.RolledBack, "Back on 42")]
    public void What_was_just_built_has_no_number_yet(OperationState state, SwitchVerdict? verdict, string title)
    {
        var row = Row(OperationKind.Deploy);
        (row.TargetGeneration, row.State, row.Verdict) = (0, state, verdict);

        Assert.Equal(title, OperationTale.Of(row, State(New)).Title);
    }

    [Theory]
    [InlineData(SwitchVerdict.Unhealthy, "On 41, but not well")]
    [InlineData(SwitchVerdict.NeedsReboot, "41 needs a restart")]
    [InlineData(SwitchVerdict.Refused, "Not started")]
    [InlineData(SwitchVerdict.Failed, "Still on 42")]
    public void What_went_wrong_is_named(SwitchVerdict verdict, string title)
    {
        (_row.State, _row.Verdict) = (OperationState.Failed, verdict);

        Assert.Equal(title, Tell(null).Title);
    }

    [Fact]
    public void After_a_restart_of_the_dashboard_the_row_tells_the_same_story()
    {
        (_row.State, _row.Verdict, _row.Took) = (OperationState.Verified, SwitchVerdict.Verified, TimeSpan.FromSeconds(1.6));
        _row.Stages = StageRecord.Write([new SwitchStage("activate", TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1.1), false, "")]);

        var tale = Tell(null);

        Assert.Equal("Back on 41", tale.Title);
        Assert.Equal("activate", Assert.Single(tale.Progress!.Stages).Name);
        Assert.Equal(TimeSpan.FromSeconds(1.6), tale.Progress.Outcome!.Took);
    }

    [Fact]
    public void Undo_is_offered_only_while_the_way_back_is_there()
    {
        Assert.Equal(42, Tell(null, current: Old).Before?.Number);
        Assert.Null(Tell(null, current: New).Before);
        Assert.Null(OperationTale.Of(_row, State(Old) with { Generations = [] }).Before);
    }

    [Theory]
    [InlineData(OperationState.Verified, false, true)]
    [InlineData(OperationState.RolledBack, true, false)]
    [InlineData(OperationState.Failed, false, false)]
    [InlineData(OperationState.Running, false, false)]
    public void What_an_outcome_says_is_of_then_once_the_server_runs_something_else(OperationState state, bool onTarget, bool onSource)
    {
        _row.State = state;

        Assert.Equal((onTarget, onSource), (Tell(null, current: Old).IsPast, Tell(null, current: New).IsPast));
    }

    [Fact]
    public void What_somebody_did_without_this_dashboard_is_seen_and_not_verified()
    {
        var row = Row(OperationKind.Elsewhere);
        row.State = OperationState.Verified;

        Assert.Equal(Look.FromOutside, OperationTale.Of(row, State(Old)).Look);
        Assert.Equal(Look.FromOutside, Look.Of(row));
    }

    private static ServerState State(StorePath current) => new()
    {
        Server = ServerId.New(),
        Reach = Reach.Live,
        Pins = new SystemPins(current, New, current, null, false),
        Generations = [new Generation { Number = 42, System = New, ActivatedAt = DateTimeOffset.UnixEpoch }, new Generation { Number = 41, System = Old, ActivatedAt = DateTimeOffset.UnixEpoch }],
    };

    private SwitchProgress Progress(SwitchOutcome? outcome) => new(_row.Id, Old, [], []) { Outcome = outcome, Generation = 41 };

    private OperationTale Tell(SwitchProgress? progress, StorePath? current = null) => OperationTale.Of(_row, State(current ?? New) with { Switch = progress });
}
