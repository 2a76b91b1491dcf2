using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ledger.Servers;

public sealed class ToolRecordingTests : IAsyncDisposable
{
    private readonly TestLedger _ledger = new();
    private readonly TeachdShell _teachd = new();
    private readonly Fleet _fleet = new();
    private readonly Server _server = new() { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch };
    private ToolRecording _recording;

    public ToolRecordingTests() => _recording = New();

    private DateTimeOffset Now => _ledger.Clock.GetUtcNow();

    [Fact]
    public async Task A_call_is_an_entry_with_its_source_and_time_and_without_what_it_was_called_with()
    {
        await TellAsync(TeachdShell.Call("act-1", Now, "shell_exec"), TeachdShell.Call("act-0", Now, "backup_create", success: false));

        var (call, failed) = (Calls().Single(line => line.Action!.Details["id"] == "act-1"), Calls().Single(line => line.Action!.Details["id"] == "act-0"));
        Assert.Equal(("shell_exec", "s-1", "2026-01-15T12:00:00.000Z", ToolRecording.Source, "agent"), (call.Action!.Details["tool"], call.Action.Details["session"], call.Action.Details["at"], call.Action.Details["source"], call.Actor));
        Assert.NotEmpty(call.Action.Salt);
        Assert.Equal("failed", failed.Action!.Details["result"]);
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(_ledger.Queries.Entry(TestLedger.Ours, call.Seq)!.Record), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_only_read_are_no_entries()
    {
        await TellAsync(TeachdShell.Call("act-2", Now, "file_read"), TeachdShell.Call("act-1", Now, "mcp__osmoda__system_health"), TeachdShell.Call("act-0", Now, "approval_request"));

        Assert.Empty(Calls());
    }

    [Fact]
    public async Task Each_call_is_told_once_also_when_it_comes_twice_again_and_after_a_restart()
    {
        var (first, second) = (TeachdShell.Call("act-1", Now, "shell_exec"), TeachdShell.Call("act-2", Now, "file_write"));
        await TellAsync(second, first, first);
        await TellAsync(second, first);
        await _ledger.ReopenAsync();
        _recording = New();
        await TellAsync(second, first);

        Assert.Equal(["act-2", "act-1"], Calls().Select(static line => line.Action!.Details["id"]));
        Assert.Equal(["2026-01-15T11:00:00", "2026-01-15T12:00:00", "2026-01-15T12:00:00"], _teachd.Asked);
    }

    [Fact]
    public async Task A_call_whose_text_was_taken_out_does_not_come_again()
    {
        await TellAsync(TeachdShell.Call("act-1", Now, "shell_exec"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        await TellAsync(TeachdShell.Call("act-2", Now - TimeSpan.FromSeconds(30), "shell_exec"));
        var owner = new Caller(Guid.CreateVersion7(), "Ann", TestLedger.Ours, Role.Owner);
        Assert.Null(await new RedactEntry(_ledger.Store, _ledger.Clock).RunAsync(owner, Calls()[0].Seq, "asked for it"));
        _recording = New();

        await TellAsync(TeachdShell.Call("act-2", Now - TimeSpan.FromSeconds(30), "shell_exec"), TeachdShell.Call("act-1", Now - TimeSpan.FromMinutes(1), "shell_exec"));

        Assert.Equal(2, Calls().Count);
    }

    [Fact]
    public async Task A_time_to_come_hides_nothing_that_happens_meanwhile()
    {
        var ahead = TeachdShell.Call("act-9", Now.AddYears(10), "shell_exec");
        await TellAsync(ahead);
        _ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        await TellAsync(ahead, TeachdShell.Call("act-1", Now, "file_write"));

        Assert.Equal(["act-1", "act-9"], Calls().Select(static line => line.Action!.Details["id"]));
        Assert.Equal("2026-01-15T12:00:00", _teachd.Asked[^1]);
    }

    [Fact]
    public async Task What_is_older_than_what_was_asked_for_is_not_taken()
    {
        await TellAsync(TeachdShell.Call("act-1", Now - TimeSpan.FromDays(3), "shell_exec"));

        Assert.Empty(Calls());
    }

    [Fact]
    public async Task A_server_that_makes_up_calls_gets_no_more_than_its_share_and_what_is_left_out_is_said()
    {
        for (var round = 0; round < 10; round++)
        {
            await TellAsync([.. Enumerable.Range(0, ToolAnswer.Most).Select(i => TeachdShell.Call($"act-{round}-{i}", Now, "shell_exec"))]);
            _ledger.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        var leftOut = Lines(HostVerbs.LeftOut).Where(static line => line.Action!.Details.ContainsKey("count")).Sum(static line => int.Parse(line.Action!.Details["count"], System.Globalization.CultureInfo.InvariantCulture));
        var told = _ledger.Ask<long>($"SELECT count(*) FROM entry WHERE type = '{HostVerbs.Tool}'");
        Assert.InRange(told, 2_000, 2_010);
        Assert.Equal(10 * ToolAnswer.Most, told + leftOut);
    }

    [Fact]
    public async Task More_calls_than_are_read_at_once_are_said_to_be_missing_and_an_answer_that_reaches_back_to_known_ones_has_none()
    {
        await TellAsync(TeachdShell.Call("act-0", Now, "shell_exec"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        await TellAsync([.. Enumerable.Range(1, ToolAnswer.Most - 1).Select(i => TeachdShell.Call($"act-{i}", Now, "file_read")), TeachdShell.Call("act-0", Now - TimeSpan.FromMinutes(1), "shell_exec")]);
        Assert.Empty(Lines(HostVerbs.LeftOut));

        _ledger.Clock.Advance(TimeSpan.FromMinutes(1));
        await TellAsync([.. Enumerable.Range(1_000, ToolAnswer.Most).Select(i => TeachdShell.Call($"act-{i}", Now, "file_read"))]);

        Assert.Equal(ToolRecording.Source, Assert.Single(Lines(HostVerbs.LeftOut)).Action!.Details["source"]);
    }

    [Fact]
    public async Task A_server_that_begins_an_answer_and_stalls_is_given_up()
    {
        (_teachd.Lines, _teachd.IsStalled) = (["part"], true);
        var look = _recording.LookAsync(TestContext.Current.CancellationToken);

        _ledger.Clock.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => look);
    }

    [Theory]
    [InlineData("none", 10)]
    [InlineData("nonsense", 10)]
    [InlineData("", 1)]
    public async Task A_server_that_has_nothing_to_say_is_asked_again_after_ten_minutes_and_one_that_answers_after_one(string line, int minutes)
    {
        if (line.Length == 0)
        {
            _teachd.Says = "[]";
        }
        else
        {
            _teachd.Lines = [line];
        }

        await _ledger.Store.RunAsync(group => new ChainStanding(ChainStatus.Verified, null, "", Now).Save(group, TestLedger.Server));
        _fleet.Put(new ServerState { Server = _server.Id, Reach = Reach.Live });
        using var stop = new CancellationTokenSource();
        var (began, running) = (Now, New().RunAsync(stop.Token));

        await Eventually.TrueAsync(() => _teachd.Asked.Count == 2, _ledger.Clock, TimeSpan.FromSeconds(10));

        Assert.True(Now - began >= TimeSpan.FromMinutes(minutes));
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task Nothing_is_asked_of_a_server_without_a_chain_or_out_of_reach()
    {
        using var stop = new CancellationTokenSource();
        var running = _recording.RunAsync(stop.Token);
        _ledger.Clock.Advance(TimeSpan.FromHours(1));
        _fleet.Put(new ServerState { Server = _server.Id, Reach = Reach.Live });
        _ledger.Clock.Advance(TimeSpan.FromHours(1));
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Assert.Empty(_teachd.Asked);
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    private ToolRecording New() =>
        new(_server, new ChainMirror(_server, _ledger.Store, ShellAsync, _ledger.Clock, NullLogger.Instance), _ledger.Store, _fleet, ShellAsync, _ledger.Clock, NullLogger.Instance);

    private ValueTask<IRemoteShell> ShellAsync(ServerId id, CancellationToken cancellationToken) => ValueTask.FromResult<IRemoteShell>(_teachd);

    private async Task TellAsync(params string[] calls)
    {
        _teachd.Says = $"[{string.Join(',', calls)}]";
        Assert.True(await _recording.LookAsync(TestContext.Current.CancellationToken));
    }

    private IReadOnlyList<LedgerLine> Calls() => Lines(HostVerbs.Tool);

    private IReadOnlyList<LedgerLine> Lines(string verb) => _ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = verb }, null, LedgerQueries.MostLines).Lines;
}
