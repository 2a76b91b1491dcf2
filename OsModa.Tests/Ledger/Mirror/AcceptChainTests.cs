using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Observation;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>A person says what was wrong with a server's own chain. Nobody reaches the server meanwhile: what stands is what was found before.</summary>
public sealed class AcceptChainTests : IAsyncLifetime
{
    private readonly TestLedger _ledger = new();
    private readonly CancellationTokenSource _stop = new();
    private TemporaryDatabase _room = null!;
    private MasterKey _key = null!;
    private RemoteShells _connections = null!;
    private ObserverHost _host = null!;
    private AcceptChain _accept = null!;
    private AnnounceReinstall _announce = null!;
    private Task _running = Task.CompletedTask;
    private Caller _ann = null!;
    private Server _web1 = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ChainStanding Standing => _host.ChainOf(_web1.Id)!.Standing!;

    public async ValueTask InitializeAsync()
    {
        _room = await TemporaryDatabase.OpenAsync();
        _ann = await _room.CallerAsync(Role.Operator);
        _web1 = new Server { Id = ServerId.New(), OrganisationId = _ann.OrganisationId, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch, Simulated = true };
        await using (var context = _room.Database.OpenFor(_ann))
        {
            context.Servers.Add(_web1);
            await context.SaveChangesAsync(Cancelled);
        }

        _key = MasterKey.LoadOrMake(_room.Settings);
        _connections = new RemoteShells(_room.Database, new OrganisationKeys(_room.Database, new SecretBox(_key), _ledger.Clock), new SshSettings(), _ledger.Clock, NullLogger<RemoteShells>.Instance);
        var (fleet, directory) = (new Fleet(), new ServerDirectory(_room.Database));
        _host = new ObserverHost(
            directory, fleet, static (_, _) => throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Unreachable, "Nobody is reached here.")),
            _connections, new GenerationArchive(_room.Database), _ledger.Store, _ledger.Clock, NullLogger<ObserverHost>.Instance);
        _accept = new AcceptChain(directory, _host, _ledger.Writer);
        _announce = new AnnounceReinstall(directory, _host, _ledger.Writer);
        await _ledger.Store.RunAsync(group => new ChainStanding(ChainStatus.Cut, 190, "Event 200 was there and is gone: the newest is now 190.", _ledger.Clock.GetUtcNow()) { Entry = 7 }.Save(group, _web1.Id.Value));
        _running = _host.RunAsync(_stop.Token);
        await fleet.UntilAsync(_web1.Id, static state => state.Fault is not null);
    }

    [Fact]
    public async Task What_was_seen_is_accepted_with_who_and_why_in_the_ledger()
    {
        Assert.Null(await _accept.RunAsync(_ann, _web1.Id, 7, " a backup was put back ", Cancelled));

        Assert.Equal((ChainStatus.Verified, "0 events. What was wrong before was accepted by a person."), (Standing.Status, Standing.Sentence));
        var lines = _ledger.Queries.Page(_ann.OrganisationId, new LedgerFilter { Type = "chain.accept" }).Lines;
        Assert.Equal([RecordKind.Outcome, RecordKind.Intent], lines.Select(static line => line.Kind));
        Assert.Equal(("done", _ann.Name), (lines[0].Action!.Outcome, lines[0].Actor));
        Assert.Equal(("a backup was put back", "Cut", "190"), (lines[1].Action!.Why, lines[1].Action!.Details["status"], lines[1].Action!.Details["event"]));
        Assert.Equal("Nothing is wrong with it any more.", await _accept.RunAsync(_ann, _web1.Id, Standing.Entry, "again", Cancelled));
    }

    [Fact]
    public async Task What_came_between_the_look_and_the_click_is_not_accepted_unseen()
    {
        Assert.Equal("It is something else by now: look again.", await _accept.RunAsync(_ann, _web1.Id, 6, "a backup was put back", Cancelled));
        Assert.False(await _host.ChainOf(_web1.Id)!.AcceptAsync(null));

        Assert.Equal((ChainStatus.Cut, 7), (Standing.Status, Standing.Entry));
        Assert.Empty(_ledger.Queries.Page(_ann.OrganisationId, new LedgerFilter { Type = "chain.accept" }).Lines);
    }

    [Fact]
    public async Task Who_may_not_act_gives_no_reason_or_is_of_another_organisation_accepts_nothing()
    {
        Assert.StartsWith("Only owners and operators can accept", await _accept.RunAsync(_ann with { Role = Role.Viewer }, _web1.Id, 7, "seen", Cancelled), StringComparison.Ordinal);
        Assert.StartsWith("Say in one line of ", await _accept.RunAsync(_ann, _web1.Id, 7, "  ", Cancelled), StringComparison.Ordinal);
        var other = await _room.CallerAsync();
        Assert.Equal("There is no such server, or it keeps no ledger of its own.", await _accept.RunAsync(other, _web1.Id, 7, "seen", Cancelled));

        Assert.Equal(ChainStatus.Cut, Standing.Status);
    }

    [Fact]
    public async Task A_new_installation_is_announced_with_who_and_why_in_the_ledger()
    {
        Assert.StartsWith("Only owners and operators can announce", await _announce.RunAsync(_ann with { Role = Role.Viewer }, _web1.Id, "new disk", Cancelled), StringComparison.Ordinal);
        Assert.StartsWith("Say in one line of ", await _announce.RunAsync(_ann, _web1.Id, "  ", Cancelled), StringComparison.Ordinal);
        Assert.Equal("There is no such server, or it keeps no ledger of its own.", await _announce.RunAsync(await _room.CallerAsync(), _web1.Id, "new disk", Cancelled));
        Assert.Null(Standing.AnnouncedUntil);

        Assert.Null(await _announce.RunAsync(_ann, _web1.Id, " new disk ", Cancelled));

        Assert.Equal((ChainStatus.Cut, _ann.Name, _ledger.Clock.GetUtcNow() + ChainMirror.Announced), (Standing.Status, Standing.AnnouncedBy, Standing.AnnouncedUntil));
        var lines = _ledger.Queries.Page(_ann.OrganisationId, new LedgerFilter { Type = "chain.announce-reinstall" }).Lines;
        Assert.Equal(("done", "new disk", _web1.Id.Value), (lines[0].Action!.Outcome, lines[1].Action!.Why, lines[1].Action!.Server));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        await _connections.DisposeAsync();
        _key.Dispose();
        await _ledger.DisposeAsync();
        await _room.DisposeAsync();
    }
}
