using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

public sealed class CoverageTests : IAsyncDisposable
{
    private readonly TestLedger _ledger = new();
    private TreeHash _last = TreeHash.Zero;
    private long _id;

    [Fact]
    public async Task A_switch_and_a_use_of_sudo_that_the_chain_does_not_tell_of_are_not_audited()
    {
        await HappenedAsync(HostVerbs.Switch, ("system", "/nix/store/a"));
        await ChainedAsync("watch.switch", "{\"generation\":7}");
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/rm -rf /srv"));
        await ChainedAsync("memory.store", "{\"summary\":\"nothing of that\"}");
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/systemctl restart nginx"));
        await ChainedAsync("sandbox.exec", "{\"command\":\"systemctl restart nginx\"}");
        await HappenedAsync(HostVerbs.UnitFailed, ("unit", "a.service"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        var report = Read();

        Assert.Equal(3, report.Seen);
        Assert.Equal("/run/bin/rm -rf /srv", Assert.Single(report.NotAudited).Action!.Details["command"]);
    }

    [Fact]
    public async Task Nothing_else_that_a_server_writes_pushes_an_action_out_of_sight()
    {
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/rm -rf /srv"));
        var login = NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = HostVerbs.Login, Who = "root" }, TestLedger.Server, _ledger.Clock.GetUtcNow());
        await _ledger.Store.AppendAsync(TestLedger.Ours, [.. Enumerable.Repeat(login, 300)], TestContext.Current.CancellationToken);
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal((1, 1), (Read().Seen, Read().NotAudited.Count));
    }

    [Fact]
    public async Task What_happened_a_moment_ago_is_not_judged_yet()
    {
        await HappenedAsync(HostVerbs.Switch, ("system", "/nix/store/a"));

        Assert.Equal(0, Read().Seen);
    }

    [Theory]
    [InlineData("/run/bin/vi /etc/hosts", "{\"summary\":\"services were listed in /etc/vi\"}", false)]
    [InlineData("/run/bin/rm -rf /srv", "{\"summary\":\"permission given\"}", false)]
    [InlineData("/run/bin/0", "{}", false)]
    [InlineData("/run/bin/rm -rf /srv", "{\"category\":\"x\",\"content\":\"{\\\"command\\\":\\\"a;\\\\nrm -rf /srv\\\"}\"}", true)]
    [InlineData("/run/bin/rm -rf /srv", "{\"command\":\"/usr/bin/rm -rf /srv\"}", true)]
    [InlineData("/run/bin/rm -rf /srv", "ran rm.", true)]
    public async Task A_program_is_named_as_a_word_or_by_its_path(string command, string payload, bool isAudited)
    {
        await ChainedAsync("memory.ingest", payload);
        await HappenedAsync(HostVerbs.Sudo, ("command", command));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(isAudited ? 0 : 1, Read().NotAudited.Count);
    }

    [Theory]
    [InlineData("memory.ingest", "{\"content\":\"the next generation will switch on the light\"}", false)]
    [InlineData("memory.ingest", "{\"category\":\"watch.rollback.result\"}", true)]
    [InlineData("memory.ingest", "{\"category\":\"switch\"}", true)]
    [InlineData("memory.ingest", "{\"category\":\"switchboard rebuilds\"}", false)]
    [InlineData("memory.ingest", "{\"category\":\"rebuilds, rebuild\"}", true)]
    [InlineData("Roll-Back7", "{}", true)]
    [InlineData("watch.switch", "{\"to\":\"/nix/store/b-nixos-system-web\"}", false)]
    [InlineData("watch.switch", "{\"to\":\"/nix/store/a-nixos-system-web\"}", true)]
    [InlineData("sandbox.exec", "{\"command\":\"/nix/store/a-nixos-system-web/bin/switch-to-configuration test\"}", true)]
    [InlineData("sandbox.exec", "{\"command\":\"nixos-rebuild switch --flake .\"}", true)]
    [InlineData("sandbox.exec", "{\"command\":\"nixos-rebuild build\"}", false)]
    public async Task A_switch_is_told_by_its_system_or_by_an_event_of_that_kind(string type, string payload, bool isAudited)
    {
        await ChainedAsync(type, payload);
        await HappenedAsync(HostVerbs.Switch, ("system", "/nix/store/a-nixos-system-web"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(isAudited ? 0 : 1, Read().NotAudited.Count);
    }

    [Fact]
    public async Task After_a_pause_of_the_connection_the_clock_of_the_server_decides_which_belong_together()
    {
        await ChainedAsync("sandbox.exec", "{\"command\":\"rm a\"}", "2026-01-15T09:00:00.000Z");
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/rm a"), ("at", "2026-01-15T09:01:00.000Z"));
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/rm b"), ("at", "2026-01-15T11:00:00.000Z"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));
        await ChainedAsync("sandbox.exec", "{\"command\":\"ls\"}", "2026-01-15T11:00:00.000Z");
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/ls"), ("at", "2026-01-15T11:00:01.000Z"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("/run/bin/rm b", Assert.Single(Read().NotAudited).Action!.Details["command"]);
    }

    [Theory]
    [InlineData("shell_exec", "memory.store", "{\"summary\":\"nothing of that\"}", false)]
    [InlineData("shell_exec", "memory.ingest", "{\"category\":\"system\",\"subcategory\":\"shell_exec\"}", true)]
    [InlineData("shell_exec", "shell.exec", "{}", true)]
    [InlineData("shell_exec", "memory.ingest", "{\"category\":\"teach.skill.candidate\",\"content\":\"tools=[file_read, shell_exec]\"}", false)]
    [InlineData("mcp__osmoda__backup_create", "backup.create", "{\"backup_id\":\"b1\"}", true)]
    [InlineData("wallet_send", "memory.ingest", "{\"category\":\"wallet.send\"}", true)]
    [InlineData("wallet_send", "memory.ingest", "{\"category\":\"wallet.sign\"}", false)]
    [InlineData("mesh_peer_send", "memory.ingest", "{\"category\":\"mesh.dm\"}", true)]
    [InlineData("teach_skill_promote", "memory.ingest", "{\"category\":\"teach.skill.promoted\"}", true)]
    [InlineData("safety_rollback", "memory.ingest", "{\"category\":\"watch.watcher.escalation\"}", false)]
    public async Task A_call_of_a_tool_is_told_by_the_event_that_it_leaves_or_by_its_name(string tool, string type, string payload, bool isAudited)
    {
        await ChainedAsync(type, payload);
        await HappenedAsync(HostVerbs.Tool, ("tool", tool));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(isAudited ? 0 : 1, Read().NotAudited.Count);
        Assert.Equal((0, 1), (Read().Journal, Read().Calls));
    }

    [Fact]
    public async Task A_call_that_failed_need_not_leave_the_event_of_one_that_did_not()
    {
        await HappenedAsync(HostVerbs.Tool, ("tool", "backup_create"), ("result", "failed"));
        await HappenedAsync(HostVerbs.Tool, ("tool", "shell_exec"), ("result", "failed"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("shell_exec", Assert.Single(Read().NotAudited).Action!.Details["tool"]);
    }

    [Fact]
    public async Task However_many_calls_there_are_those_of_the_journal_are_looked_at_and_seen()
    {
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/rm -rf /srv"));
        var call = NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = HostVerbs.Tool, Who = "agent", Details = LedgerVerbs.Details(("tool", "shell_exec")) }, TestLedger.Server, _ledger.Clock.GetUtcNow());
        await _ledger.Store.AppendAsync(TestLedger.Ours, [.. Enumerable.Repeat(call, 300)], TestContext.Current.CancellationToken);
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        var report = Read();

        Assert.Equal((1, LedgerQueries.MostLines, LedgerQueries.MostLines + 1), (report.Journal, report.Calls, report.NotAudited.Count));
        Assert.Equal(HostVerbs.Sudo, report.Newest(20).Last().Type);
        Assert.Equal(21, report.Newest(20).Count());
    }

    [Fact]
    public async Task What_came_late_and_stands_far_from_the_events_of_its_time_is_not_called_missing()
    {
        await ChainedAsync("sandbox.exec", "{\"command\":\"rm a\"}", "2026-01-15T09:00:00.000Z");
        var other = NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = HostVerbs.Login, Who = "root" }, TestLedger.Server, _ledger.Clock.GetUtcNow());
        await _ledger.Store.AppendAsync(TestLedger.Ours, [.. Enumerable.Repeat(other, 2_100)], TestContext.Current.CancellationToken);
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/rm a"), ("at", "2026-01-15T09:01:00.000Z"));
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/rm b"), ("at", "2026-01-15T12:00:00.000Z"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("/run/bin/rm b", Assert.Single(Read().NotAudited).Action!.Details["command"]);
    }

    [Fact]
    public async Task What_is_not_audited_says_who_told_it()
    {
        await HappenedAsync(HostVerbs.Tool, ("tool", "shell_exec"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        await TellAsync(Verifies);

        var told = Assert.Single(Told()).Action!;
        Assert.Equal(("Its teachd tells of what entry 0 has, and its own ledger does not.", HostVerbs.Tool), (told.Text, told.Details["what"]));
    }

    [Fact]
    public async Task What_is_not_audited_is_an_entry_once_and_also_after_a_restart()
    {
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/rm -rf /srv"));
        await HappenedAsync(HostVerbs.Switch, ("system", "/nix/store/a"));
        await ChainedAsync("watch.switch", "{\"generation\":7}");
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        await TellAsync(Verifies);
        await TellAsync(Verifies);
        await _ledger.ReopenAsync();
        await TellAsync(Verifies);

        var told = Assert.Single(Told()).Action!;
        Assert.Equal(("0", HostVerbs.Sudo, TestLedger.Server), (told.Details["entry"], told.Details["what"], told.Server));
        Assert.NotEmpty(told.Salt);
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/ls"));
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));
        await TellAsync(Verifies);
        Assert.Equal(["4", "0"], Told().Select(static line => line.Action!.Details["entry"]));
    }

    [Fact]
    public async Task A_chain_that_was_not_read_to_its_end_since_is_no_witness_of_what_it_misses()
    {
        await HappenedAsync(HostVerbs.Sudo, ("command", "/run/bin/rm -rf /srv"));
        var then = Verifies;
        _ledger.Clock.Advance(TimeSpan.FromMinutes(10));

        await TellAsync(null);
        await TellAsync(then);
        await TellAsync(Verifies with { ReadAt = null });
        await TellAsync(Verifies with { FailingSince = then.ReadAt });
        await TellAsync(Verifies with { Status = ChainStatus.CatchingUp });

        Assert.Empty(Told());
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    private ChainStanding Verifies => new(ChainStatus.Verified, null, "", DateTimeOffset.UnixEpoch) { ReadAt = _ledger.Clock.GetUtcNow() };

    private IReadOnlyList<LedgerLine> Told() => _ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = TellNotAudited.Verb }).Lines;

    private Task TellAsync(ChainStanding? standing)
    {
        var server = new Server { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch };
        var telling = new TellNotAudited(new Coverage(_ledger.Store, _ledger.Queries), _ledger.Queries, _ledger.Store, null!, null!, _ledger.Clock, NullLogger<TellNotAudited>.Instance);
        return telling.TellAsync(server, standing, TestContext.Current.CancellationToken);
    }

    private CoverageReport Read() => new Coverage(_ledger.Store, _ledger.Queries).Read(TestLedger.Ours, TestLedger.Server, _ledger.Clock.GetUtcNow());

    private Task<long[]> HappenedAsync(string verb, params (string Name, string? Value)[] details) => _ledger.Store.AppendAsync(
        TestLedger.Ours,
        [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = verb, Who = "root", Details = LedgerVerbs.Details(details) }, TestLedger.Server, _ledger.Clock.GetUtcNow())],
        TestContext.Current.CancellationToken);

    private Task<long[]> ChainedAsync(string type, string payload, string ts = "2026-01-15T11:59:00.000Z")
    {
        var e = new UpstreamEvent(++_id, ts, type, "agentd", payload, _last);
        _last = e.Hash(ChainFormat.Piped);
        return _ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(new ChainRow(e, _last), ChainFormat.Piped, TestLedger.Server, 1, _ledger.Clock.GetUtcNow())], TestContext.Current.CancellationToken);
    }
}
