using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class DeploymentTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_confirmed_over_a_new_connection_once_the_target_runs_and_not_before()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room);
        var lines = OperationRoom.OnProbation(id, 43);
        Tell(room, id, lines[..2]);
        room.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(room.Shell.Anew);

        room.Shell.Answer = (_, _) => ["confirmed"];
        Tell(room, id, lines[2..]);
        var row = await room.UntilAsync(id, o => o.ConfirmedAt is not null);

        Assert.Equal("", row.ConfirmedBy);
        Assert.Contains("confirm.sh", room.Shell.Anew);
    }

    [Fact]
    public async Task A_confirmation_that_does_not_get_through_is_tried_again()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room);
        var turn = 0;
        room.Shell.Answer = (_, _) => Interlocked.Increment(ref turn) switch
        {
            1 => throw new OsModa.Core.Ssh.ConnectionException(new OsModa.Core.Ssh.ConnectionFault(OsModa.Core.Ssh.ConnectionFaultKind.TimedOut, "slow")),
            2 => ["early"],
            _ => ["confirmed"],
        };
        Tell(room, id, OperationRoom.OnProbation(id, 43));

        await room.UntilAsync(id, o => o.ConfirmedAt is not null);

        Assert.True(room.Shell.Anew.Count >= 3);
    }

    [Fact]
    public async Task Where_a_person_keeps_it_nothing_is_confirmed_before_they_press()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room, r => r with { Confirmer = Confirmer.Person });
        Tell(room, id, OperationRoom.OnProbation(id, 43));
        room.Shell.Answer = (_, _) => ["confirmed"];
        room.Clock.Advance(TimeSpan.FromSeconds(4));
        await room.UntilAsync(id, o => o.State == OperationState.Running);
        Assert.Empty(room.Shell.Anew);

        Assert.NotNull(await room.Keep.RunAsync(room.Ann with { Role = Role.Viewer }, id, Stop));
        Assert.Null(await room.Keep.RunAsync(room.Ann, id, Stop));

        Assert.Equal(("Ann", "confirm.sh"), ((await room.RowAsync(id)).ConfirmedBy, Assert.Single(room.Shell.Anew)));
    }

    [Fact]
    public async Task A_way_back_ends_with_four_times_a_mark_and_a_quarantine()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room);

        var row = await GoBackAsync(room, id);

        Assert.Equal((OperationState.RolledBack, OperationKind.Deploy), (row.State, row.Kind));
        Assert.Equal((0.05, 0.06, 1.0, 1.2), (row.Noticed!.Value.TotalSeconds, row.Decided!.Value.TotalSeconds, row.SwitchedBack!.Value.TotalSeconds, row.Recovered!.Value.TotalSeconds));
        Assert.Equal("scout.service has crashed. The server runs generation 42 again: noticed after 0.05 s, decided at 0.06 s, switched back at 1.0 s, verified at 1.2 s.", row.Outcome);
        var mark = (await room.History.MarksAsync(room.Ann, room.Server.Id, Stop))[OperationRoom.SystemOf(43).Text];
        Assert.Equal(("scout.service has crashed", "the server itself"), (mark.Reason, mark.By));
        Assert.Equal((43, id), (Assert.Single(await room.Quarantines.AllAsync(room.Ann, Stop)).Generation, row.Id));
        Assert.Equal(row.Id, Assert.Single(await room.History.RecoveriesAsync(room.Ann, Stop)).Id);
    }

    [Fact]
    public async Task The_servers_word_that_it_went_back_counts_only_when_observation_agrees()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room);
        room.Live(43);
        Tell(room, id, [.. OperationRoom.OnProbation(id, 43), .. OperationRoom.WayBack("scout.service"), OperationRoom.Done("rolled-back", 42, 42)]);
        await room.UntilAsync(id, o => o.State == OperationState.Running);
        Assert.False((await room.RowAsync(id)).Ended);

        room.Live(42);

        Assert.Equal(OperationState.RolledBack, (await room.UntilAsync(id, o => o.Ended)).State);
    }

    [Fact]
    public async Task A_system_in_quarantine_is_refused_until_a_person_says_why_or_lets_it_in()
    {
        await using var room = await OperationRoom.OpenAsync();
        await GoBackAsync(room, await DeployAsync(room));
        var again = Request(room) with { OverrideBad = false };

        Assert.Equal(nameof(RollBackRequest.OverrideBad), await RefusedAsync(room, again));
        Assert.Equal(nameof(RollBackRequest.Reason), await RefusedAsync(room, again with { OverrideBad = true }));
        var quarantine = Assert.Single(await room.Quarantines.AllAsync(room.Ann, Stop));
        Assert.Equal("Say why it may be activated again.", (await room.Quarantines.LiftAsync(room.Ann, quarantine.Id, " ", Stop)).Errors["Reason"]);
        Assert.False((await room.Quarantines.LiftAsync(room.Ann with { Role = Role.Viewer }, quarantine.Id, "fixed", Stop)).Done);
        Assert.Equal(("Ann", "fixed"), ((await room.Quarantines.LiftAsync(room.Ann, quarantine.Id, " fixed ", Stop)).Value!.LiftedBy, (await room.Quarantines.AllAsync(room.Ann, Stop))[0].LiftReason));
        Assert.Null(await room.Quarantines.FindAsync(room.Ann, OperationRoom.SystemOf(43), Stop));

        room.See(s => s with { Switch = null });
        var started = Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, again with { OverrideBad = true, Reason = "fixed since" }, Stop));
        Assert.True(started.Operation.Overrides);
    }

    [Fact]
    public async Task What_a_person_stopped_is_not_bad()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room);
        Tell(room, id, OperationRoom.OnProbation(id, 43));
        room.Shell.Answer = (script, _) => script == "stop.sh" ? ["stopping"] : ["early"];

        Assert.Null(await room.StopIt.RunAsync(room.Ann, id, Stop));
        Tell(room, id, [.. OperationRoom.WayBack("-", "stopped"), OperationRoom.Done("rolled-back", 42, 42)]);
        var row = await room.UntilAsync(id, o => o.Ended);

        Assert.Equal((OperationState.RolledBack, "Ann"), (row.State, row.StoppedBy));
        Assert.Empty(await room.History.MarksAsync(room.Ann, room.Server.Id, Stop));
        Assert.Empty(await room.Quarantines.AllAsync(room.Ann, Stop));
        Assert.NotNull(await room.StopIt.RunAsync(room.Ann, id, Stop));
    }

    private static RollBackRequest Request(OperationRoom room) => room.To(43) with { Plan = SwitchPlan.Deployment };

    private static async Task<Guid> DeployAsync(OperationRoom room, Func<RollBackRequest, RollBackRequest>? more = null)
    {
        var request = (more ?? (r => r))(Request(room));
        Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, request, Stop));
        return request.Sheet;
    }

    private static async Task<Operation> GoBackAsync(OperationRoom room, Guid id)
    {
        room.Shell.Answer = (script, _) => script == "start-switch.sh" ? ["started"] : ["confirmed"];
        Tell(room, id, [.. OperationRoom.OnProbation(id, 43), .. OperationRoom.WayBack("scout.service"), OperationRoom.Done("rolled-back", 42, 42)]);
        return await room.UntilAsync(id, o => o.Ended);
    }

    private static async Task<string> RefusedAsync(OperationRoom room, RollBackRequest request)
    {
        room.See(s => s with { Switch = null });
        return Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(room.Ann, request with { Sheet = Guid.CreateVersion7() }, Stop)).Field;
    }

    private static void Tell(OperationRoom room, Guid id, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            room.Journal(id, line);
        }
    }
}
