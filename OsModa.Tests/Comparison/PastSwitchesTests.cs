using OsModa.Core.Comparison;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class PastSwitchesTests
{
    private static readonly StorePath From = StorePath.Parse("/nix/store/00000000000000000000000000000000-nixos-system-a-1"), To = StorePath.Parse("/nix/store/11111111111111111111111111111111-nixos-system-a-2");

    [Fact]
    public void Switches_that_touched_the_same_units_say_how_long_this_one_takes() => Assert.Equal(
        new SwitchTime(TimeSpan.FromSeconds(20), Alike: true),
        Likely(Took(2, "restarting the following units: b.service"), Took(19, "stopping the following units: a.service\nstarting the following units: a.service"), Took(3, ""), Took(20, "restarting the following units: a.service"), Took(21, "restarting the following units: a.service, c.socket")));

    [Fact]
    public void Without_such_all_are_of_use_and_that_is_said() => Assert.Equal(
        new SwitchTime(TimeSpan.FromSeconds(3), Alike: false),
        Likely(Took(2, "restarting the following units: b.service"), Took(3, ""), Took(9, "what a program printed")));

    [Fact]
    public void What_failed_or_waited_for_a_boot_says_nothing_about_time() => Assert.Null(Likely(
        Took(2, "", OperationState.Failed), Took(2, "", onlyNextBoot: true), Took(null, "")));

    [Fact]
    public void Without_a_history_nothing_is_said() => Assert.Null(PastSwitches.None.Likely(Forecast()));

    private static SwitchTime? Likely(params Operation[] past) => PastSwitches.Of(past).Likely(Forecast());

    // One that restarts a.service.
    private static Forecast Forecast()
    {
        var systems = new Systems().Unit("a.service", "[Service]\nA=1\n", "[Service]\nA=2\n");
        return OsModa.Core.Comparison.Forecast.Of(SystemDifference.Of(From, To, PackageComparison.Between(new Closure(From, []), new Closure(To, [])), systems.From, systems.To), RunningUnits.All);
    }

    private static Operation Took(double? seconds, string output, OperationState state = OperationState.Verified, bool onlyNextBoot = false) => new()
    {
        Id = Guid.CreateVersion7(),
        OrganisationId = Guid.Empty,
        ServerId = new ServerId(Guid.Empty),
        Kind = OperationKind.RollBack,
        TargetGeneration = 1,
        TargetSystem = To.Text,
        Reason = "",
        AuthorId = Guid.Empty,
        AuthorName = "",
        StartedAt = DateTimeOffset.UnixEpoch,
        State = state,
        OnlyNextBoot = onlyNextBoot,
        Took = seconds is { } took ? TimeSpan.FromSeconds(took) : null,
        Output = output,
    };
}
