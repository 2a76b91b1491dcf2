using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Storage;

namespace OsModa.Tests.Ssh;

/// <summary>A database with one organisation, its owner, and all that makes shells from its rows.</summary>
internal sealed class ShellsOfDatabase : IAsyncDisposable
{
    private readonly string _place = System.IO.Directory.CreateTempSubdirectory("ssh-").FullName;
    private readonly TemporaryDatabase _database;

    private ShellsOfDatabase(TemporaryDatabase database)
    {
        _database = database;
        Keys = new OrganisationKeys(database.Database, Box(), TimeProvider.System);
        Shells = Start();
        Directory = new ServerDirectory(database.Database);
    }

    public Database Database => _database.Database;

    public OrganisationKeys Keys { get; }

    public RemoteShells Shells { get; private set; }

    public ServerDirectory Directory { get; }

    public Caller Owner { get; private set; } = null!;

    /// <summary>Of the organisation of <see cref="Owner"/>, newest first.</summary>
    public IReadOnlyList<Core.Ledger.Reading.LedgerLine> Ledger => _database.LedgerOf(Owner.OrganisationId);

    /// <summary>Of which the database is.</summary>
    public LedgerWriter Writer => _database.Ledger;

    /// <summary>In the order in which they were made, by many at the same time.</summary>
    public ConcurrentQueue<FakeShell> Simulated { get; } = [];

    public AcceptHostKeys Accept => new(Database, Shells, Directory, _database.Ledger, TimeProvider.System);

    public ShowHostKeys Show => new(Database, Shells);

    public static async Task<ShellsOfDatabase> OpenAsync()
    {
        var opened = new ShellsOfDatabase(await TemporaryDatabase.OpenAsync());
        opened.Owner = await opened.OrganisationAsync("Acme");
        return opened;
    }

    public SecretBox Box() => new(MasterKey.LoadOrMake(_database.Settings));

    /// <summary>Another organisation's owner.</summary>
    public async Task<Caller> OrganisationAsync(string name)
    {
        var id = Guid.NewGuid();
        await using var context = Database.OpenFor(id);
        context.Organisations.Add(new Organisation { Id = id, Name = name, CreatedAt = DateTimeOffset.UnixEpoch });
        await context.SaveChangesAsync();
        return new Caller(Guid.NewGuid(), "Ada", id, Role.Owner);
    }

    public async Task<Server> AddAsync(string name, string address = "192.0.2.7", ServerId? jump = null, bool simulated = false, Caller? owner = null)
    {
        var server = new Server
        {
            Id = ServerId.New(),
            OrganisationId = (owner ?? Owner).OrganisationId,
            Name = name,
            Address = address,
            Login = "root",
            JumpThrough = jump,
            AddedAt = DateTimeOffset.UnixEpoch,
            Simulated = simulated,
        };
        await using var context = Database.OpenFor(server.OrganisationId);
        context.Servers.Add(server);
        await context.SaveChangesAsync();
        return server;
    }

    /// <summary>As if the dashboard had been started again.</summary>
    public async Task RestartAsync()
    {
        await Shells.DisposeAsync();
        Shells = Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Shells.DisposeAsync();
        await _database.DisposeAsync();
        System.IO.Directory.Delete(_place, recursive: true);
    }

    private RemoteShells Start() => new(Database, Keys, new SshSettings { RuntimeFolder = _place }, TimeProvider.System, NullLogger<RemoteShells>.Instance, server =>
    {
        var shell = new FakeShell(server.Id);
        Simulated.Enqueue(shell);
        return shell;
    }, ledger: _database.Ledger);
}

internal sealed class FakeShell(ServerId server) : IRemoteShell
{
    public ServerId Server { get; } = server;

    public bool Disposed { get; private set; }

    public Task<IRemoteRun> StartAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IRemoteRun> StartOnNewConnectionAsync(RemoteScript script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
