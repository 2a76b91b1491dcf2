using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
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
    public async Task What_happened_a_moment_ago_is_not_judged_yet()
    {
        await HappenedAsync(HostVerbs.Switch, ("system", "/nix/store/a"));

        Assert.Equal(0, Read().Seen);
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    private CoverageReport Read() => new Coverage(_ledger.Store, _ledger.Queries).Read(TestLedger.Ours, TestLedger.Server, _ledger.Clock.GetUtcNow());

    private Task<long[]> HappenedAsync(string verb, (string Name, string? Value) detail) => _ledger.Store.AppendAsync(
        TestLedger.Ours,
        [NewRecord.Of(RecordKind.Notice, new ActionBody { Verb = verb, Who = "root", Details = LedgerVerbs.Details(detail) }, TestLedger.Server, _ledger.Clock.GetUtcNow())],
        TestContext.Current.CancellationToken);

    private Task<long[]> ChainedAsync(string type, string payload)
    {
        var e = new UpstreamEvent(++_id, "2026-01-15T11:59:00.000Z", type, "agentd", payload, _last);
        _last = e.Hash(ChainFormat.Piped);
        return _ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(new ChainRow(e, _last), ChainFormat.Piped, TestLedger.Server, 1, _ledger.Clock.GetUtcNow())], TestContext.Current.CancellationToken);
    }
}
