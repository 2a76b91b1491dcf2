using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class StandingWatchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_rollback_the_standing_watch_is_confirmed_over_a_new_connection()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await RollBackAsync(room);

        room.Shell.Answer = (_, _) => ["confirmed"];
        await room.UntilAsync(id, o => o.ConfirmedAt is not null);

        Assert.Contains("confirm.sh", room.Shell.Anew);
    }

    [Fact]
    public async Task What_the_server_began_by_itself_gets_a_row_and_its_end()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await RollBackAsync(room);
        var undo = PlanRecord.Read((await room.RowAsync(id)).Plan)!.Undo!.Value;

        var row = await TakenBackAsync(room, id, undo);

        Assert.Equal((OperationKind.StandingWatch, OperationState.RolledBack, "the server itself", (Guid?)id), (row.Kind, row.State, row.AuthorName, row.Undoes));
        Assert.Equal((41, 42), (row.FromGeneration, row.TargetGeneration));
        Assert.NotNull(row.Recovered);
        Assert.Contains(OperationRoom.SystemOf(41).Text, await room.History.MarksAsync(room.Ann, room.Server.Id, Stop));
        Assert.Equal(OperationRoom.SystemOf(41).Text, Assert.Single(await room.Quarantines.AllAsync(room.Ann, Stop)).System);
        Assert.Equal(2, (await room.History.OfServerAsync(room.Ann, room.Server.Id, cancellationToken: Stop)).Count);
    }

    [Fact]
    public async Task Going_back_that_did_not_help_is_told_and_not_held_against_the_system_that_was_left()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await RollBackAsync(room);
        var undo = PlanRecord.Read((await room.RowAsync(id)).Plan)!.Undo!.Value;

        var row = await TakenBackAsync(room, id, undo, "unhealthy");

        Assert.Equal((OperationState.Failed, SwitchVerdict.Unhealthy), (row.State, row.Verdict));
        Assert.Contains("The server runs generation 42 again, and a restart starts it. A person has to look.", row.Outcome, StringComparison.Ordinal);
        Assert.Null(row.Recovered);
        Assert.Empty(await room.Quarantines.AllAsync(room.Ann, Stop));
    }

    [Fact]
    public async Task An_id_that_was_not_agreed_on_is_not_believed()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await RollBackAsync(room);
        var context = room.Database.OpenForAll();
        await using (context)
        {
            var stranger = Guid.NewGuid();
            Array.ForEach(Begin(id, stranger), line => room.Journal(stranger, line));
            await room.Standing.TakeUpAsync(context, room.Fleet[room.Server.Id], Stop);
        }

        Assert.Single(await room.History.OfServerAsync(room.Ann, room.Server.Id, cancellationToken: Stop));
    }

    [Fact]
    public async Task What_the_server_began_while_nobody_looked_is_read_from_its_files()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await RollBackAsync(room);
        var undo = PlanRecord.Read((await room.RowAsync(id)).Plan)!.Undo!.Value;
        room.Shell.Answer = (script, _) => script == "operation.sh" ? OperationRoom.Truth(undo, 42, 42, [.. Begin(id, undo), .. WayBack("verified")]) : [];
        room.Live(42);
        var context = room.Database.OpenForAll();
        await using (context)
        {
            Assert.True(await room.Standing.TakeUpLateAsync(context, await room.RowAsync(id), OperationRoom.SystemOf(42), Stop));
        }

        var row = await room.UntilAsync(undo, o => o.Ended);

        Assert.Equal((OperationKind.StandingWatch, OperationState.RolledBack, (Guid?)id), (row.Kind, row.State, row.Undoes));
    }

    [Fact]
    public async Task A_switch_by_hand_to_what_ran_before_is_not_taken_for_the_standing_watch()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await RollBackAsync(room);
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 42, 42, []);
        room.Live(42);
        var context = room.Database.OpenForAll();
        await using (context)
        {
            Assert.False(await room.Standing.TakeUpLateAsync(context, await room.RowAsync(id), OperationRoom.SystemOf(42), Stop));
        }
    }

    private static async Task<Guid> RollBackAsync(OperationRoom room)
    {
        var request = room.To(41);
        await room.RollBack.RunAsync(room.Ann, request, Stop);
        room.Live(41);
        room.Journal(request.Sheet, OperationRoom.Begin(request.Sheet, 41));
        room.Journal(request.Sheet, OperationRoom.Done("verified", 41, 41));
        await room.UntilAsync(request.Sheet, o => o.Ended);
        return request.Sheet;
    }

    private static string[] Begin(Guid cause, Guid undo) =>
    [
        $"10\t1764158460000010\tbegin\t2\t{undo:D}\tnow\t{OperationRoom.SystemOf(42)}\t42\t{OperationRoom.SystemOf(41)}\t41\t{OperationRoom.Boot:D}\t0\t0",
        $"20\t1764158460000020\tcause\tstanding\t{cause:D}",
    ];

    private static string[] WayBack(string verdict) =>
    [
        "400000\t1764158460400000\ttrouble\tcrash-loop\tscout.service\t100000\tscout.service was started again twice",
        "410000\t1764158460410000\tverdict\tbad\tscout.service\tscout.service crashes again and again",
        "420000\t1764158460420000\tstage\tactivate",
        "900000\t1764158460900000\tended\tactivate\tok\t",
        "900010\t1764158460900010\tstage\tprobation",
        "950000\t1764158460950000\tended\tprobation\tok\t",
        OperationRoom.Done(verdict, 42, 42),
    ];

    private static async Task<Operation> TakenBackAsync(OperationRoom room, Guid cause, Guid undo, string verdict = "verified")
    {
        Array.ForEach(Begin(cause, undo), line => room.Journal(undo, line));
        var context = room.Database.OpenForAll();
        await using (context)
        {
            await room.Standing.TakeUpAsync(context, room.Fleet[room.Server.Id], Stop);
        }

        Array.ForEach(WayBack(verdict), line => room.Journal(undo, line));
        room.Live(42);
        return await room.UntilAsync(undo, o => o.Ended);
    }
}
