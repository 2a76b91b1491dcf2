using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Operations;

/// <summary>What is still owed to a switch that has ended well, when the dashboard is restarted just then.</summary>
public sealed class AftermathTests
{
    [Theory]
    [InlineData(4, OperationState.Failed)]
    [InlineData(61, OperationState.Verified)]
    public async Task A_restarted_dashboard_looks_on_for_the_rest_of_the_minute_and_no_longer(int seconds, OperationState state)
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await VerifiedAsync(room, SwitchPlan.ByHand with { Stand = TimeSpan.Zero });
        See(room, "old", UnitHealth.Failed);

        await room.RestartAsync();
        room.Clock.Advance(TimeSpan.FromSeconds(seconds));
        See(room, "agent-scout", UnitHealth.CrashLoop);
        var row = await LaterAsync(room, id);

        Assert.Equal(state, row.State);
        Assert.Equal(state == OperationState.Failed, row.Outcome.Contains("agent-scout restarts again and again", StringComparison.Ordinal));
        Assert.DoesNotContain("old", row.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restarted_dashboard_confirms_the_standing_watch_that_still_waits_for_it()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await VerifiedAsync(room, SwitchPlan.ByHand);
        Assert.Null((await room.RowAsync(id)).ConfirmedAt);

        await room.RestartAsync();
        room.Shell.Answer = (script, _) => script == "confirm.sh" ? ["confirmed"] : [];

        Assert.NotNull((await room.UntilAsync(id, o => o.ConfirmedAt is not null)).ConfirmedAt);
    }

    private static async Task<Guid> VerifiedAsync(OperationRoom room, SwitchPlan plan)
    {
        var request = room.To(41) with { Plan = plan };
        Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, request, TestContext.Current.CancellationToken));
        room.Journal(request.Sheet, OperationRoom.Begin(request.Sheet, 41));
        room.Journal(request.Sheet, "20\t1764158400000020\tnote\tbaseline\told.service");
        room.Journal(request.Sheet, OperationRoom.Done("verified", 41, 41));
        room.Live(41);
        await room.UntilAsync(request.Sheet, o => o.State == OperationState.Verified);
        return request.Sheet;
    }

    private static void See(OperationRoom room, string name, UnitHealth health)
    {
        var unit = UnitName.Parse($"{name}.service");
        room.See(s => s with { Units = s.Units.SetItem(unit, new UnitState { Name = unit, Health = health }) });
    }

    // As it stands when whoever follows it has had all the time they could want.
    private static async Task<Operation> LaterAsync(OperationRoom room, Guid id)
    {
        for (var turn = 0; turn < 100 && (await room.RowAsync(id)).State == OperationState.Verified; turn++)
        {
            room.Clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        return await room.RowAsync(id);
    }
}
