using System.Collections.Immutable;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class PlanFormTests
{
    private static readonly PlanForm Deployment = PlanForm.Of(SwitchPlan.Deployment, [UnitName.Parse("scout.service")]);

    [Fact]
    public void A_preset_comes_back_as_it_was_with_the_agents_watched()
    {
        var plan = Deployment.Check(SwitchPlan.Deployment).Value!;

        Assert.Equal((SwitchPlan.Deployment.Probation, SwitchPlan.Deployment.Confirm, TimeSpan.Zero), (plan.Probation, plan.Confirm, plan.Stand));
        Assert.Equal("scout.service", Assert.Single(plan.Watched).Text);
        var byHand = PlanForm.Of(SwitchPlan.ByHand, []).Check(SwitchPlan.ByHand).Value!;
        Assert.Equal((true, SwitchPlan.ByHand.Stand, SwitchPlan.ByHand.StandConfirm), (byHand.CommitEarly, byHand.Stand, byHand.StandConfirm));
    }

    [Theory]
    [InlineData("-1", nameof(PlanForm.Probation))]
    [InlineData("soon", nameof(PlanForm.Probation))]
    [InlineData("3601", nameof(PlanForm.Probation))]
    public void Lengths_are_numbers_within_bounds(string typed, string field) => Assert.NotNull((Deployment with { Probation = typed }).Check(SwitchPlan.Deployment).Errors[field]);

    [Fact]
    public void A_person_gets_time_to_look() =>
        Assert.Equal("A person needs at least 10 seconds to look and press Keep.", (Deployment with { Confirmer = Confirmer.Person, Confirm = "5" }).Check(SwitchPlan.Deployment).Errors[nameof(PlanForm.Confirm)]);

    [Fact]
    public void Units_may_be_typed_without_their_suffix_and_what_is_none_is_named()
    {
        Assert.Equal(["scout.service", "nginx.service"], (Deployment with { Watched = "scout, nginx.service" }).Check(SwitchPlan.Deployment).Value!.Watched.Select(unit => unit.Text));
        Assert.Contains("“a/b”", (Deployment with { Watched = "scout a/b" }).Check(SwitchPlan.Deployment).Errors[nameof(PlanForm.Watched)], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CheckKind.Port, "8080", "port-1\ttcp\t127.0.0.1\t8080")]
    [InlineData(CheckKind.Port, "10.0.0.2:5432", "port-1\ttcp\t10.0.0.2\t5432")]
    [InlineData(CheckKind.Url, "http://127.0.0.1:8080/health", "http-1\thttp\thttp://127.0.0.1:8080/health\t200\t=\t2000")]
    [InlineData(CheckKind.Unit, "scout", "unit-1\tunit\tscout.service")]
    [InlineData(CheckKind.Command, "test -e /run/ready", "command-1\tcommand\ttest -e /run/ready")]
    public void A_check_is_what_an_order_takes(CheckKind kind, string subject, string text) =>
        Assert.Equal(text.Replace("port-1", "tcp-1", StringComparison.Ordinal), Assert.Single((Deployment with { Checks = [new CheckForm(kind, subject)] }).Check(SwitchPlan.Deployment).Value!.Checks).Text);

    [Theory]
    [InlineData(CheckKind.Port, "")]
    [InlineData(CheckKind.Port, "0")]
    [InlineData(CheckKind.Port, "8080\tcommand")]
    [InlineData(CheckKind.Url, "ftp://127.0.0.1/")]
    [InlineData(CheckKind.Unit, "a/b")]
    [InlineData(CheckKind.Daemon, "agentd.sock")]
    [InlineData(CheckKind.Command, " ")]
    public void A_check_that_makes_no_sense_is_told_at_its_place(CheckKind kind, string subject)
    {
        var errors = (Deployment with { Checks = ImmutableArray.Create(new CheckForm(CheckKind.Port, "80"), new CheckForm(kind, subject)) }).Check(SwitchPlan.Deployment).Errors;

        Assert.Null(errors["Checks[0]"]);
        Assert.NotNull(errors["Checks[1]"]);
    }
}
