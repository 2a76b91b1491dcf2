using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class RollBackTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_click_writes_the_intent_and_tells_the_server_the_exact_system()
    {
        await using var room = await OperationRoom.OpenAsync();
        var request = room.To(41) with { Reason = " scribe is slow " };

        var started = Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, request, Stop));

        Assert.Equal(request.Sheet, started.Operation.Id);
        var (script, arguments) = Assert.Single(room.Shell.Asked);
        Assert.Equal("start-switch.sh", script);
        Assert.Equal(request.Sheet.ToString("D"), arguments[0]);
        Assert.Contains($"mode\tnow\ntarget\t{OperationRoom.SystemOf(41).Text}\t41\nexpected\t{OperationRoom.SystemOf(42).Text}\n", arguments[1], StringComparison.Ordinal);
        Assert.Contains("begin_stage preflight", arguments[2], StringComparison.Ordinal);
        var row = await room.RowAsync(request.Sheet);
        Assert.Equal((OperationState.Running, "Ann", "scribe is slow", 41, 42), (row.State, row.AuthorName, row.Reason, row.TargetGeneration, row.FromGeneration!.Value));
    }

    [Fact]
    public async Task Of_two_hundred_clicks_at_once_one_starts_and_the_others_join_it()
    {
        await using var room = await OperationRoom.OpenAsync();
        using var gate = new SemaphoreSlim(0);
        var bob = room.Ann with { PersonId = Guid.NewGuid(), Name = "Bob" };
        var sheets = Enumerable.Range(0, 4).Select(_ => room.To(41)).ToArray();      // two people, two sheets each, each sent fifty times

        var clicks = Enumerable.Range(0, 200).Select(async i =>
        {
            await gate.WaitAsync(Stop);
            return await room.RollBack.RunAsync(i % 2 == 0 ? room.Ann : bob, sheets[i % 4], Stop);
        }).ToList();
        gate.Release(200);
        var results = await Task.WhenAll(clicks);

        var started = Assert.Single(results.OfType<RollBackResult.Started>()).Operation.Id;
        Assert.Equal(199, results.OfType<RollBackResult.Joined>().Count(j => j.Operation.Id == started));
        Assert.Equal(1, room.Shell.Orders);
        Assert.Single(await room.History.OfServerAsync(room.Ann, room.Server.Id, cancellationToken: Stop));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_order_that_was_surely_not_sent_is_refused_and_the_server_is_free(bool nothingSent)
    {
        await using var room = await OperationRoom.OpenAsync();
        var request = room.To(41);
        room.Shell.Answer = (_, _) => throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Refused, "Too many commands are under way.") { NothingSent = nothingSent });

        var result = await room.RollBack.RunAsync(room.Ann, request, Stop);

        var row = await room.RowAsync(request.Sheet);
        Assert.Equal(nothingSent, result is RollBackResult.Refused);
        Assert.Equal(nothingSent ? (OperationState.Failed, "Too many commands are under way. Nothing was changed.") : (OperationState.Intended, ""), (row.State, row.Outcome));
    }

    [Fact]
    public async Task The_same_sheet_sent_again_after_the_end_starts_nothing()
    {
        await using var room = await OperationRoom.OpenAsync();
        var request = room.To(41);
        await room.RollBack.RunAsync(room.Ann, request, Stop);
        room.Journal(request.Sheet, OperationRoom.Begin(request.Sheet, 41));
        room.Journal(request.Sheet, OperationRoom.Done("failed", 42, 42, "It gave up."));
        await room.UntilAsync(request.Sheet, o => o.Ended);

        var again = await room.RollBack.RunAsync(room.Ann, request, Stop);

        Assert.Equal(OperationState.Failed, Assert.IsType<RollBackResult.Joined>(again).Operation.State);
        Assert.Equal(1, room.Shell.Orders);
    }

    [Fact]
    public async Task A_server_of_another_organisation_is_not_found()
    {
        await using var room = await OperationRoom.OpenAsync();

        Assert.IsType<RollBackResult.NotFound>(await room.RollBack.RunAsync(room.Ann with { OrganisationId = Guid.NewGuid() }, room.To(41), Stop));
        Assert.IsType<RollBackResult.NotFound>(await room.RollBack.RunAsync(room.Ann, room.To(41) with { Server = ServerId.New() }, Stop));
        Assert.Empty(room.Shell.Asked);
    }

    [Fact]
    public async Task Who_may_only_look_neither_starts_nor_joins()
    {
        await using var room = await OperationRoom.OpenAsync();
        var viewer = room.Ann with { Role = Role.Viewer };

        Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(viewer, room.To(41), Stop));
        await room.RollBack.RunAsync(room.Ann, room.To(41), Stop);
        Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(viewer, room.To(41), Stop));
        Assert.Equal(1, room.Shell.Orders);
    }

    [Fact]
    public async Task A_production_server_asks_for_a_reason_and_its_name()
    {
        await using var room = await OperationRoom.OpenAsync("web", "production");

        Assert.Equal("Reason", await RefusedFieldAsync(room, room.To(41) with { TypedName = "web1" }));
        Assert.Equal("Reason", await RefusedFieldAsync(room, room.To(41) with { TypedName = "web1", Reason = "   " }));
        Assert.Equal("TypedName", await RefusedFieldAsync(room, room.To(41) with { Reason = "slow" }));
        Assert.Equal("TypedName", await RefusedFieldAsync(room, room.To(41) with { Reason = "slow", TypedName = "web2" }));
        Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, room.To(41) with { Reason = "slow", TypedName = "web1" }, Stop));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(500, true)]
    [InlineData(501, false)]
    public async Task A_reason_has_a_length_that_a_list_can_show(int length, bool fits)
    {
        await using var room = await OperationRoom.OpenAsync();

        Assert.Equal(fits, await room.RollBack.RunAsync(room.Ann, room.To(41) with { Reason = new string('x', length) }, Stop) is RollBackResult.Started);
    }

    [Fact]
    public async Task What_the_page_showed_must_still_be_so()
    {
        await using var room = await OperationRoom.OpenAsync();

        Assert.Equal("Generation", await RefusedFieldAsync(room, room.To(7) with { Target = OperationRoom.SystemOf(7) }));
        Assert.Equal("Generation", await RefusedFieldAsync(room, room.To(41) with { Target = OperationRoom.SystemOf(40) }));
        Assert.Equal("", await RefusedFieldAsync(room, room.To(41) with { SeenCurrent = OperationRoom.SystemOf(43) }));
        room.See(s => s with { Generations = [.. s.Generations.Select(g => g.Number == 41 ? g with { GoneAt = room.Clock.GetUtcNow() } : g)] });
        Assert.Equal("Generation", await RefusedFieldAsync(room, room.To(41)));
        Assert.Empty(room.Shell.Asked);
    }

    [Fact]
    public async Task That_a_generation_was_missed_at_some_time_is_not_said_to_be_when_it_went()
    {
        await using var room = await OperationRoom.OpenAsync();
        room.See(s => s with { Generations = [.. s.Generations.Select(g => g.Number == 41 ? g with { GoneAt = new DateTimeOffset(2026, 3, 5, 11, 0, 0, TimeSpan.FromHours(1)) } : g)] });

        var refused = Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(room.Ann, room.To(41), Stop));

        Assert.Equal("Generation 41 is not on the server any more: somebody deleted it there, at the latest on 5 Mar 2026 at 10:00 UTC, when it was first missed.", refused.Why);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_or_is_switched_by_hand_is_left_alone()
    {
        await using var room = await OperationRoom.OpenAsync();

        room.See(s => s with { Reach = Reach.Lost });
        Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(room.Ann, room.To(41), Stop));
        room.Live(42, more: s => s with { Switch = new SwitchProgress(null, null, [], []) });
        Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(room.Ann, room.To(41), Stop));
        room.Live(42, more: s => s with { Switch = null, Host = s.Host! with { MayAct = false } });
        Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(room.Ann, room.To(41), Stop));
        Assert.Empty(room.Shell.Asked);
    }

    [Theory]
    [InlineData("busy\t0198c0de-0000-7000-8000-00000000000a\t", "Another dashboard")]
    [InlineData("busy\t-\t/nix/store/x/bin/switch-to-configuration switch", "by hand")]
    [InlineData("refused\tThe disk is full.", "The disk is full.")]
    public async Task When_the_server_will_not_the_row_says_why_and_the_way_is_free_again(string answer, string why)
    {
        await using var room = await OperationRoom.OpenAsync();
        room.Shell.Answer = (_, _) => [answer];
        var request = room.To(41);

        var refused = Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(room.Ann, request, Stop));

        Assert.Contains(why, refused.Why, StringComparison.Ordinal);
        var row = await room.RowAsync(request.Sheet);
        Assert.Equal((OperationState.Failed, SwitchVerdict.Refused), (row.State, row.Verdict));
        Assert.Contains(why, row.Outcome, StringComparison.Ordinal);
        room.Shell.Answer = (_, _) => ["chatter of a login shell", "started"];
        Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, room.To(41), Stop));
    }

    [Fact]
    public async Task An_order_without_an_answer_is_neither_repeated_nor_given_up_but_asked_for()
    {
        await using var room = await OperationRoom.OpenAsync();
        var request = room.To(41);
        room.Shell.Answer = (script, _) => script == "start-switch.sh"
            ? throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Lost, "lost"))
            : OperationRoom.Truth(request.Sheet, 41, 41, [OperationRoom.Begin(request.Sheet, 41), OperationRoom.Done("verified", 41, 41)]);

        Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, request, Stop));

        Assert.Equal(OperationState.Verified, (await room.UntilAsync(request.Sheet, o => o.Ended)).State);
        Assert.Equal(1, room.Shell.Orders);
    }

    [Fact]
    public async Task A_generation_that_was_left_for_a_reason_needs_an_override()
    {
        await using var room = await OperationRoom.OpenAsync();
        await FinishAsync(room, room.To(41) with { Reason = "scribe is slow" }, 41);

        var forward = room.To(42) with { SeenCurrent = OperationRoom.SystemOf(41) };
        var refused = Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(room.Ann, forward, Stop));

        Assert.Equal((nameof(RollBackRequest.OverrideBad), true), (refused.Field, refused.Why.Contains("scribe is slow", StringComparison.Ordinal)));
        Assert.Equal(nameof(RollBackRequest.Reason), await RefusedFieldAsync(room, forward with { OverrideBad = true }));
        await FinishAsync(room, forward with { OverrideBad = true, Reason = "the agent was fixed" }, 42);
        Assert.Empty(await room.History.MarksAsync(room.Ann, room.Server.Id, Stop));
    }

    [Fact]
    public async Task Taking_an_operation_back_needs_no_override_of_the_mark_that_it_left_but_of_any_other()
    {
        await using var room = await OperationRoom.OpenAsync();
        var back = room.To(41) with { Reason = "scribe is slow" };
        await FinishAsync(room, back, 41);
        var forward = room.To(42) with { SeenCurrent = OperationRoom.SystemOf(41) };

        Assert.Equal(nameof(RollBackRequest.OverrideBad), await RefusedFieldAsync(room, forward with { Undoes = Guid.NewGuid() }));
        await FinishAsync(room, forward with { Undoes = back.Sheet }, 42);
        Assert.Empty(await room.History.MarksAsync(room.Ann, room.Server.Id, Stop));
    }

    private static async Task<string> RefusedFieldAsync(OperationRoom room, RollBackRequest request) =>
        Assert.IsType<RollBackResult.Refused>(await room.RollBack.RunAsync(room.Ann, request, Stop)).Field;

    private static async Task FinishAsync(OperationRoom room, RollBackRequest request, int generation)
    {
        Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, request, Stop));
        room.Journal(request.Sheet, OperationRoom.Begin(request.Sheet, generation));
        room.Journal(request.Sheet, OperationRoom.Done("verified", generation, generation));
        room.Live(generation);
        await room.UntilAsync(request.Sheet, o => o.State == OperationState.Verified);
        room.See(s => s with { Switch = null });
        room.Clock.Advance(TimeSpan.FromSeconds(1));         // which one came later is told by when they began
    }
}
