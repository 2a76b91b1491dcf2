using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What can only come by a restart, asked for as a switch of its own. A class and a server for itself: there is no way back without another restart.</summary>
[Trait("Tier", "lab")]
public sealed class RestartLabTests(SwitchLab lab) : IClassFixture<SwitchLab>
{
    [Fact]
    public async Task The_server_restarts_into_it_is_confirmed_over_a_new_connection_and_what_crashes_after_a_restart_goes_by_another()
    {
        await using var dashboard = await lab.StartAfreshAsync();
        var target = OperationLab.Generation("needsReboot");

        var good = await RunAsync(dashboard, target);

        Assert.Equal((OperationState.Verified, SwitchVerdict.Verified, OperationKind.Deploy), (good.State, good.Verdict, good.Kind));
        Assert.Equal(["preflight", "commit", "armed", "restart", "probation"], StageRecord.Read(good.Stages).Select(s => s.Name));
        Assert.NotNull(good.ConfirmedAt);
        Assert.Equal((target, target), (await lab.GenerationAsync("/run/booted-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));

        var bad = await RunAsync(dashboard, OperationLab.Generation("exitsAtOnce"));

        Assert.Equal((OperationState.RolledBack, SwitchVerdict.RolledBack), (bad.State, bad.Verdict));
        Assert.Contains($"The server runs generation {target} again", bad.Outcome, StringComparison.Ordinal);
        Assert.Equal((target, target), (await lab.GenerationAsync("/run/booted-system"), await lab.GenerationAsync("/nix/var/nix/profiles/system")));
    }

    private static async Task<Operation> RunAsync(OperationLab dashboard, int generation)
    {
        await dashboard.SeesAsync(s => s is { Reach: Reach.Live, Pins.Current: not null, Switch: null or { Outcome: not null } });
        var request = dashboard.To(generation) with { Mode = SwitchMode.Restart, Plan = SwitchPlan.Deployment };
        var started = Assert.IsType<RollBackResult.Started>(await dashboard.RollBack.RunAsync(dashboard.Ann, request, TestContext.Current.CancellationToken));
        return await dashboard.EndedAsync(started.Operation.Id);
    }
}
