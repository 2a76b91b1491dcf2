using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Ledger;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class ObserverHostTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServerChangeKind.Changed)]
    [InlineData(ServerChangeKind.Removed)]
    public async Task A_connection_that_cannot_be_closed_ends_no_watching(ServerChangeKind change)
    {
        await using var room = await TemporaryDatabase.OpenAsync();
        var ann = await room.CallerAsync();
        var web1 = await AddAsync(room, ann, "web1");
        var (fleet, directory, clock) = (new Fleet(), new ServerDirectory(room.Database), new HandClock());
        using var key = MasterKey.LoadOrMake(room.Settings);
        await using var connections = new RemoteShells(
            room.Database, new OrganisationKeys(room.Database, new SecretBox(key), clock), new SshSettings(), clock, NullLogger<RemoteShells>.Instance, static _ => new ShellWithoutFolder());
        await using var ledger = new TestLedger();
        var host = new ObserverHost(
            directory, fleet, static (_, _) => throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Unreachable, "Nobody is reached here.")),
            connections, new GenerationArchive(room.Database), ledger.Store, clock, NullLogger<ObserverHost>.Instance);
        using var stop = new CancellationTokenSource();
        var running = host.RunAsync(stop.Token);
        await fleet.UntilAsync(web1.Id, state => state.Fault is not null);
        await connections.ForAsync(web1.Id, Cancelled);

        directory.Announce(new ServerChange(change, web1.Id, ann.OrganisationId));
        var web2 = await AddAsync(room, ann, "web2");
        directory.Announce(new ServerChange(ServerChangeKind.Added, web2.Id, ann.OrganisationId));

        await fleet.UntilAsync(web2.Id, state => state.Fault is not null);
        await stop.CancelAsync();
        await running;
    }

    private static async Task<Server> AddAsync(TemporaryDatabase room, Caller ann, string name)
    {
        var server = new Server { Id = ServerId.New(), OrganisationId = ann.OrganisationId, Name = name, Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch, Simulated = true };
        await using var context = room.Database.OpenFor(ann);
        context.Servers.Add(server);
        await context.SaveChangesAsync(Cancelled);
        return server;
    }

    private sealed class ShellWithoutFolder : IRemoteShell
    {
        public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => throw new DirectoryNotFoundException("Could not find a part of the path.");
    }
}
