using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class DrillTests
{
    private const string Built = "/nix/store/dddddddddddddddddddddddddddddddd-nixos-system-web1-42";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_built_is_deployed_never_confirmed_and_nothing_is_held_against_it()
    {
        await using var room = await OperationRoom.OpenAsync();
        room.Shell.Answer = (script, _) => script == "drill.sh" ? [$"built\t{Built}"] : script == "start-switch.sh" ? ["started"] : [];
        var request = Request(room);

        Assert.IsType<RollBackResult.Started>(await room.Drill.RunAsync(room.Ann, request, Stop));
        var order = room.Shell.Asked.Single(a => a.Script == "start-switch.sh").Arguments[1];
        Assert.Contains($"target\t{Built}\t0\n", order, StringComparison.Ordinal);
        Assert.Contains("confirm\t10\n", order, StringComparison.Ordinal);
        room.Journal(request.Sheet, $"10\t1764158400000010\tbegin\t2\t{request.Sheet:D}\tnow\t{Built}\t0\t{OperationRoom.SystemOf(42)}\t42\t{OperationRoom.Boot:D}\t10\t10");
        Array.ForEach([.. OperationRoom.OnProbation(request.Sheet, 43)[1..], .. OperationRoom.WayBack("osmoda-drill.service"), OperationRoom.Done("rolled-back", 42, 42)], line => room.Journal(request.Sheet, line));
        var row = await room.UntilAsync(request.Sheet, o => o.Ended);

        Assert.Equal((OperationKind.Drill, OperationState.RolledBack, 0), (row.Kind, row.State, row.TargetGeneration));
        Assert.NotNull(row.Recovered);
        Assert.Empty(room.Shell.Anew);
        Assert.Empty(await room.Quarantines.AllAsync(room.Ann, Stop));
        Assert.Empty(await room.History.MarksAsync(room.Ann, room.Server.Id, Stop));
    }

    [Theory]
    [InlineData("failed\tThe disk is full.", "The disk is full.")]
    [InlineData("built\tnonsense", "did not build")]
    public async Task Without_a_system_nothing_begins(string answer, string why)
    {
        await using var room = await OperationRoom.OpenAsync();
        room.Shell.Answer = (_, _) => [answer];

        var refused = Assert.IsType<RollBackResult.Refused>(await room.Drill.RunAsync(room.Ann, Request(room), Stop));

        Assert.Contains(why, refused.Why, StringComparison.Ordinal);
        Assert.Empty(await room.History.OfServerAsync(room.Ann, room.Server.Id, cancellationToken: Stop));
    }

    [Fact]
    public async Task Production_asks_for_a_reason_and_viewers_may_not()
    {
        await using var room = await OperationRoom.OpenAsync("production");

        Assert.Equal(nameof(DrillRequest.Reason), Assert.IsType<RollBackResult.Refused>(await room.Drill.RunAsync(room.Ann, Request(room), Stop)).Field);
        Assert.IsType<RollBackResult.Refused>(await room.Drill.RunAsync(room.Ann with { Role = Role.Viewer }, Request(room) with { Reason = "drill", TypedName = "web1" }, Stop));
        Assert.Empty(room.Shell.Asked);
    }

    private static DrillRequest Request(OperationRoom room) => new(Guid.CreateVersion7(), room.Server.Id, OperationRoom.SystemOf(42));
}
