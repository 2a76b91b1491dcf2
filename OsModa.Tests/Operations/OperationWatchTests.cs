using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class OperationWatchTests
{
    private static readonly Guid OtherBoot = Guid.Parse("aaaaaaaa-1111-4222-8333-444455556666");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_servers_word_counts_only_when_observation_agrees()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        room.Journal(id, OperationRoom.Begin(id, 41));
        room.Journal(id, "20\t1764158400000020\tstage\tactivate");
        room.Journal(id, "400000\t1764158400400000\tended\tactivate\tok\t");
        room.Journal(id, OperationRoom.Done("verified", 41, 41));
        room.See(s => s with { Switch = s.Switch! with { Output = ["stopping the following units: nginx.service"] } });

        Assert.False((await room.RowAsync(id)).Ended);
        room.Live(41);
        var row = await room.UntilAsync(id, o => o.Ended);

        Assert.Equal((OperationState.Verified, SwitchVerdict.Verified, TimeSpan.FromMilliseconds(500)), (row.State, row.Verdict, row.Took));
        Assert.Equal("The server runs generation 41, and a restart starts it.", row.Outcome);
        Assert.Equal([new SwitchStage("activate", TimeSpan.FromMicroseconds(20), TimeSpan.FromMilliseconds(400), false, "")], StageRecord.Read(row.Stages));
        Assert.Equal("stopping the following units: nginx.service", row.Output);
    }

    [Fact]
    public async Task When_observation_stays_behind_the_server_is_asked()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        string[] journal = [OperationRoom.Begin(id, 41), OperationRoom.Done("verified", 41, 41)];
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 41, 41, journal);
        Array.ForEach(journal, line => room.Journal(id, line));

        Assert.Equal(OperationState.Verified, (await room.UntilAsync(id, o => o.Ended)).State);
    }

    [Theory]
    [InlineData("refused", "It is full.", OperationState.Failed, "It is full. Nothing was changed.")]
    [InlineData("failed", "It gave up.", OperationState.Failed, "It gave up. Nothing was changed.")]
    [InlineData("unhealthy", "Units are worse.", OperationState.Failed, "Units are worse. A restart still starts generation 42: keep generation 41, or go back.")]
    [InlineData("reboot", "Another init.", OperationState.Failed, "Another init. Nothing was changed; choose it for the next boot and restart the server.")]
    public async Task What_is_not_verified_is_no_success(string verdict, string text, OperationState state, string sentence)
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        room.Journal(id, OperationRoom.Begin(id, 41));
        room.Journal(id, OperationRoom.Done(verdict, 42, 42, text));

        var row = await room.UntilAsync(id, o => o.Ended);

        Assert.Equal((state, sentence), (row.State, row.Outcome));
    }

    [Fact]
    public async Task Where_no_watch_stands_on_the_server_an_agent_that_begins_to_crash_undoes_the_success()
    {
        await using var room = await OperationRoom.OpenAsync();
        room.See(s => s with { Units = s.Units.SetItem(UnitName.Parse("old.service"), Unit("old.service", UnitHealth.Failed)) });
        var id = await StartAsync(room, SwitchPlan.ByHand with { Stand = TimeSpan.Zero });
        room.Journal(id, OperationRoom.Begin(id, 41));
        room.Journal(id, OperationRoom.Done("verified", 41, 41));
        room.Live(41);
        await room.UntilAsync(id, o => o.State == OperationState.Verified);

        room.Clock.Advance(TimeSpan.FromSeconds(4));
        room.See(s => s with { Units = s.Units.SetItem(UnitName.Parse("agent-scout.service"), Unit("agent-scout.service", UnitHealth.CrashLoop)) });
        var row = await room.UntilAsync(id, o => o.State == OperationState.Failed);

        Assert.Equal(SwitchVerdict.Unhealthy, row.Verdict);
        Assert.Contains("agent-scout restarts again and again", row.Outcome, StringComparison.Ordinal);
        Assert.DoesNotContain("old", row.Outcome, StringComparison.Ordinal);
        Assert.Contains(OperationRoom.SystemOf(41).Text, await room.History.MarksAsync(room.Ann, room.Server.Id, Stop));
    }

    [Fact]
    public async Task A_restarted_dashboard_takes_up_what_ran_and_starts_nothing()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        await room.UntilAsync(id, o => o.State == OperationState.Running);
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 42, 42, [OperationRoom.Begin(id, 41)], running: id);

        await room.RestartAsync();
        await AskedAsync(room, "operation.sh", 1);
        Assert.False((await room.RowAsync(id)).Ended);
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 41, 41, [OperationRoom.Begin(id, 41), OperationRoom.Done("verified", 41, 41)]);

        Assert.Equal(OperationState.Verified, (await room.UntilAsync(id, o => o.Ended)).State);
        Assert.Equal(1, room.Shell.Orders);
    }

    [Fact]
    public async Task An_intent_that_never_reached_the_server_is_fenced_off_before_it_is_called_so()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        room.Shell.Answer = (_, arguments) => arguments is [_, "fence"] ? ["never", .. OperationRoom.Truth(id, 42, 42, [])] : OperationRoom.Truth(id, 42, 42, []);
        await room.RestartAsync();

        var row = await room.UntilAsync(id, o => o.Ended);

        Assert.Equal((OperationState.Failed, "It was never started on the server. Nothing was changed."), (row.State, row.Outcome));
        Assert.Contains(room.Shell.Asked, a => a.Arguments is [_, "fence"]);
        Assert.True(row.FinishedAt - row.StartedAt >= TimeSpan.FromSeconds(45));
    }

    [Theory]
    [InlineData(41, 41, OperationState.Verified, "came back on generation 41")]
    [InlineData(42, 42, OperationState.Failed, "came back on generation 42, which ran before")]
    [InlineData(42, 41, OperationState.Unknown, "A person has to look")]
    [InlineData(43, 43, OperationState.Unknown, "A person has to look")]
    public async Task After_a_restart_in_the_middle_what_runs_and_what_boots_decide(int current, int profile, OperationState state, string words)
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        room.Journal(id, OperationRoom.Begin(id, 41));
        room.See(s => s with { Reach = Reach.Lost });
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, current, profile, [OperationRoom.Begin(id, 41), "20\t1764158400000020\tstage\tactivate"], boot: OtherBoot);
        room.Live(current, profile, s => s with { Host = s.Host! with { BootId = OtherBoot } });
        await AskedAsync(room, "operation.sh", 1);
        Assert.False((await room.RowAsync(id)).Ended);
        room.Clock.Advance(TimeSpan.FromSeconds(6));

        var row = await room.UntilAsync(id, o => o.Ended);

        Assert.Equal(state, row.State);
        Assert.Contains(words, row.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_that_belongs_to_the_switch_is_waited_for_and_then_not_for_ever()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        string[] journal = [OperationRoom.Begin(id, 41).Replace("\tnow\t", "\trestart\t", StringComparison.Ordinal), "20\t1764158400000020\trestart"];
        Array.ForEach(journal, line => room.Journal(id, line));
        await room.UntilAsync(id, o => o.State == OperationState.Running);
        room.See(s => s with { Reach = Reach.Lost });
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 41, 41, journal, boot: OtherBoot);
        room.Live(41, 41, s => s with { Host = s.Host! with { BootId = OtherBoot } });

        await AskedAsync(room, "operation.sh", 1);
        Assert.False((await room.RowAsync(id)).Ended);
        room.Clock.Advance(TimeSpan.FromMinutes(5));
        var row = await room.UntilAsync(id, o => o.Ended);

        Assert.Contains("restarted in the middle and came back on generation 41", row.Outcome, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 3, 6)]
    [InlineData(true, 400, 400)]
    public async Task A_switch_without_a_last_word_is_cut_short_when_nothing_goes_on_for_a_while_and_longer_when_its_last_resort_is_set(bool guarded, int notYet, int then)
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        string[] journal = [OperationRoom.Begin(id, 41), "20\t1764158400000020\tstage\tactivate"];
        Array.ForEach(journal, line => room.Journal(id, line));
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 42, 42, journal, guarded: guarded);
        room.Clock.Advance(TimeSpan.FromSeconds(6));
        await AskedAsync(room, "operation.sh", 1);

        room.Clock.Advance(TimeSpan.FromSeconds(notYet));
        await AskedAsync(room, "operation.sh", guarded ? 2 : 1);
        Assert.False((await room.RowAsync(id)).Ended);

        room.Clock.Advance(TimeSpan.FromSeconds(then));
        var row = await room.UntilAsync(id, o => o.Ended);
        Assert.Equal(OperationState.Unknown, row.State);
        Assert.Contains("ended from outside", row.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_that_was_killed_needs_a_person()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        string[] journal = [OperationRoom.Begin(id, 41), OperationRoom.Done("person", 41, 42, "The switch was ended from outside before it was through (killed KILL).")];
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 41, 42, journal);
        Array.ForEach(journal, line => room.Journal(id, line));

        var row = await room.UntilAsync(id, o => o.Ended);

        Assert.Equal((OperationState.Unknown, SwitchVerdict.NeedsPerson), (row.State, row.Verdict));
        Assert.Contains("A person has to look.", row.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_was_away_is_asked_when_it_is_back_and_not_before()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        room.Journal(id, OperationRoom.Begin(id, 41));
        room.See(s => s with { Reach = Reach.Lost });
        for (var i = 0; i < 100; i++)
        {
            room.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.DoesNotContain(room.Shell.Asked, a => a.Script == "operation.sh");
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 41, 41, [OperationRoom.Begin(id, 41), OperationRoom.Done("verified", 41, 41)]);
        room.Live(41);

        Assert.Equal(OperationState.Verified, (await room.UntilAsync(id, o => o.Ended)).State);
    }

    [Fact]
    public async Task An_answer_that_makes_no_sense_is_asked_for_again()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        var turn = 0;
        room.Shell.Answer = (_, _) => Interlocked.Increment(ref turn) switch
        {
            1 => throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.TimedOut, "slow")),
            2 => ["facts\tnonsense", "end"],
            3 => [],
            _ => OperationRoom.Truth(id, 41, 41, [OperationRoom.Begin(id, 41), OperationRoom.Done("verified", 41, 41)]),
        };

        Assert.Equal(OperationState.Verified, (await room.UntilAsync(id, o => o.Ended)).State);
    }

    [Fact]
    public async Task Trouble_of_our_own_does_not_end_the_following()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await StartAsync(room);
        var turn = 0;
        room.Shell.Answer = (_, _) => Interlocked.Increment(ref turn) == 1
            ? throw new IOException("No space left on device")
            : OperationRoom.Truth(id, 41, 41, [OperationRoom.Begin(id, 41), OperationRoom.Done("verified", 41, 41)]);

        Assert.Equal(OperationState.Verified, (await room.UntilAsync(id, o => o.Ended)).State);
    }

    [Fact]
    public async Task A_server_that_was_told_with_trouble_of_our_own_is_asked()
    {
        await using var room = await OperationRoom.OpenAsync();
        var request = room.To(41);
        var id = request.Sheet;
        room.Shell.Answer = (script, _) => script == "start-switch.sh"
            ? throw new IOException("No space left on device")
            : OperationRoom.Truth(id, 41, 41, [OperationRoom.Begin(id, 41), OperationRoom.Done("verified", 41, 41)]);

        await Assert.ThrowsAsync<IOException>(() => room.RollBack.RunAsync(room.Ann, request, Stop));

        Assert.Equal(OperationState.Verified, (await room.UntilAsync(id, o => o.Ended)).State);
    }

    private static async Task<Guid> StartAsync(OperationRoom room, SwitchPlan? plan = null)
    {
        var request = room.To(41) with { Plan = plan ?? SwitchPlan.ByHand };
        Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, request, Stop));
        return request.Sheet;
    }

    private static async Task AskedAsync(OperationRoom room, string script, int times)
    {
        // The clock is moved by hand; whether the one who asks gets a thread in the meantime is up to the machine.
        using var ceiling = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (room.Shell.Asked.Count(a => a.Script == script) < times && !ceiling.IsCancellationRequested)
        {
            room.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Stop);
        }

        Assert.True(room.Shell.Asked.Count(a => a.Script == script) >= times);
    }

    private static UnitState Unit(string name, UnitHealth health) => new() { Name = UnitName.Parse(name), Health = health };
}
