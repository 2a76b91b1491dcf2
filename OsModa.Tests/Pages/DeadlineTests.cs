using Bunit;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.Rollback;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class DeadlineTests : BunitContext
{
    private static readonly StorePath Target = StorePath.Parse("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-41");

    [Theory]
    [InlineData(false, false, "then it becomes the default at next boot.")]
    [InlineData(false, true, "then it stays; a restart starts it already.")]
    [InlineData(true, false, "then it stays; a restart starts it already.")]
    public void The_end_of_the_probation_says_whether_the_next_boot_starts_it_already(bool byRestart, bool committed, string says)
    {
        var row = new Operation
        {
            Id = Guid.NewGuid(), OrganisationId = Guid.NewGuid(), ServerId = ServerId.New(), Kind = OperationKind.Deploy, TargetGeneration = 41, TargetSystem = Target.Text,
            Reason = "", AuthorId = Guid.NewGuid(), AuthorName = "Ann", StartedAt = DateTimeOffset.UnixEpoch, State = OperationState.Running,
            Plan = PlanRecord.Write(SwitchPlan.Deployment, byRestart ? SwitchMode.Restart : SwitchMode.Now),
        };
        SwitchStage commit = new("commit", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), false, ""), probation = new("probation", TimeSpan.FromSeconds(2), null, false, "");
        var state = new ServerState
        {
            Server = row.ServerId,
            Reach = Reach.Live,
            Switch = new SwitchProgress(row.Id, Target, committed ? [commit, probation] : [probation], []) { Probation = TimeSpan.FromSeconds(60), StartedAt = DateTimeOffset.UnixEpoch },
        };

        var words = Render<Deadline>(parameters => parameters.Add(deadline => deadline.Tale, OperationTale.Of(row, state)));

        Assert.Contains(says, words.Markup, StringComparison.Ordinal);
    }
}
