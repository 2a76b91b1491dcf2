using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Ledger;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>One dashboard without its pages: connections, observer, database, verbs; on one server of the lab.</summary>
internal sealed class OperationLab : IAsyncDisposable
{
    private readonly string _folder;
    private readonly TestLedger _ledger;
    private readonly SshLab _ssh;
    private readonly OpenSshShell _shell;
    private readonly Dictionary<ServerId, OpenSshShell> _others = [];
    private readonly List<Task> _alsoObserving = [];
    private readonly LabServer _machine;
    private readonly CancellationTokenSource _stop = new();
    private readonly Observer _observer;
    private readonly Task _observing;

    private OperationLab(string folder, Database database, Server server, SshLab ssh, OpenSshShell shell, LabServer machine)
    {
        (_folder, _ssh, _shell, _machine, Database, Server) = (folder, ssh, shell, machine, database, server);
        Ann = new Caller(Guid.NewGuid(), "Ann", server.OrganisationId, Role.Operator);
        History = new OperationHistory(database);
        _ledger = new TestLedger(folder);
        var rows = new OperationRows(database, _ledger.Writer, TimeProvider.System, NullLogger<OperationRows>.Instance);
        Watch = new OperationWatch(Fleet, ShellOf, rows, TimeProvider.System, NullLogger<OperationWatch>.Instance);
        var quarantines = new QuarantineList(database, _ledger.Writer, TimeProvider.System);
        RollBack = new RollBack(database, Fleet, History, quarantines, new BeginOperation(database, ShellOf, Watch, _ledger.Writer, TimeProvider.System), TimeProvider.System);
        Preview = new PreviewRollBack(database, Fleet, ShellOf, History, quarantines, TimeProvider.System);
        _observer = NewObserver(server.Id);
        _observing = _observer.RunAsync(_stop.Token);
    }

    public Database Database { get; }

    public Server Server { get; }

    public Caller Ann { get; }

    public Fleet Fleet { get; } = new();

    public OperationHistory History { get; }

    public OperationWatch Watch { get; }

    public RollBack RollBack { get; }

    public PreviewRollBack Preview { get; }

    public ServerState State => Fleet[Server.Id];

    /// <summary>Where this dashboard keeps its data.</summary>
    public string Folder => _folder;

    public LedgerWriter Ledger => _ledger.Writer;

    public ShellOf Shells => ShellOf;

    /// <summary>Number of a generation by its idea in lab/generations.json.</summary>
    public static int Generation(string idea) => LabGenerations.Number(idea);

    /// <summary>A dashboard of its own for a machine; it has heard the whole state when it is returned.</summary>
    public static async Task<OperationLab> OpenAsync(LabServer machine)
    {
        var folder = Directory.CreateTempSubdirectory("operations-").FullName;
        var database = await EmptyDatabase.InAsync(folder);
        var server = new Server { Id = ServerId.New(), OrganisationId = Guid.NewGuid(), Name = machine.Name, Address = machine.Address, Login = machine.User, AddedAt = DateTimeOffset.UnixEpoch };
        var context = database.OpenForAll();
        await using (context)
        {
            context.Organisations.Add(new Organisation { Id = server.OrganisationId, Name = "Lab", CreatedAt = DateTimeOffset.UnixEpoch });
            await context.SaveChangesAsync();
            context.Servers.Add(server);
            await context.SaveChangesAsync();
        }

        return await ConnectAsync(folder, database, server, machine);
    }

    /// <summary>
    /// The dashboard is gone from one moment to the next: its ssh processes are killed, nothing is said to the server. The next one has
    /// nothing but the database.
    /// </summary>
    public async Task<OperationLab> DieAndStartAgainAsync()
    {
        await EndAsync();
        var next = await ConnectAsync(_folder, Database, Server, _machine);
        await next.Watch.ResumeAsync(TestContext.Current.CancellationToken);
        return next;
    }

    public RollBackRequest To(int generation)
    {
        var target = State.Generations.FirstOrDefault(g => g.Number == generation && g.GoneAt is null)?.System ?? throw new InvalidOperationException($"The server has no generation {generation}.");
        return new RollBackRequest { Sheet = Guid.CreateVersion7(), Server = Server.Id, Generation = generation, Target = target, SeenCurrent = State.Pins!.Current!.Value };
    }

    /// <summary>Clicks, and hands back the operation that started.</summary>
    public async Task<Guid> StartAsync(int generation, SwitchMode mode = SwitchMode.Now)
    {
        await LiveAsync();
        var result = await RollBack.RunAsync(Ann, To(generation) with { Mode = mode, OverrideBad = true, Reason = "as the test wants" }, TestContext.Current.CancellationToken);
        Assert.True(result is RollBackResult.Started, $"{result}");
        return ((RollBackResult.Started)result).Operation.Id;
    }

    /// <summary>Clicks and waits until it is known what became of it.</summary>
    public async Task<Operation> RunAsync(int generation, SwitchMode mode = SwitchMode.Now) => await EndedAsync(await StartAsync(generation, mode));

    public Task<Operation> EndedAsync(Guid operation) => RowAsync(operation, o => o.Ended);

    public async Task<Operation> RowAsync(Guid operation, Func<Operation, bool> wanted)
    {
        Operation? row = null;
        await UntilAsync(async () => (row = await History.FindAsync(Ann, operation)) is not null && wanted(row), () => $"operation {row?.State}: {row?.Outcome}");
        return row!;
    }

    public Task SeesAsync(Func<ServerState, bool> wanted) => UntilAsync(() => Task.FromResult(wanted(State)), () => $"reach {State.Reach} ({State.Fault?.Detail}), pins {State.Pins}, switch {State.Switch}");

    /// <summary>Waits until the server answers: on a busy machine it may have been lost for a moment, as any server may be.</summary>
    public Task LiveAsync() => SeesAsync(state => state.Reach == Reach.Live);

    /// <summary>Waits until a stage of the running switch has begun.</summary>
    public Task StageAsync(Guid operation, string name) => SeesAsync(s => s.Switch?.Operation == operation && s.Switch.Stages.Any(stage => stage.Name == name));

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<OperationLab> ConnectAsync(string folder, Database database, Server server, LabServer machine)
    {
        var ssh = await SshLab.OpenAsync();
        var lab = new OperationLab(folder, database, server, ssh, await ssh.ShellAsync(machine), machine);
        await lab.SeesAsync(s => s is { Reach: Reach.Live, Pins: not null, Generations.IsEmpty: false });
        return lab;
    }

    internal static Task UntilAsync(Func<Task<bool>> condition, Func<string> otherwise) =>
        Eventually.GotAsync(async () => await condition() ? "so" : null, seconds: 240, () => Task.FromResult(otherwise()));

    /// <summary>One more server for this dashboard, which has heard the whole state of it when it is returned.</summary>
    public async Task<Server> AddAsync(LabServer machine)
    {
        var server = new Server { Id = ServerId.New(), OrganisationId = Server.OrganisationId, Name = machine.Name, Address = machine.Address, Login = machine.User, AddedAt = DateTimeOffset.UnixEpoch };
        var context = Database.OpenForAll();
        await using (context)
        {
            context.Servers.Add(server);
            await context.SaveChangesAsync();
        }

        _others[server.Id] = await _ssh.ShellAsync(machine);
        _alsoObserving.Add(NewObserver(server.Id).RunAsync(_stop.Token));
        await UntilAsync(() => Task.FromResult(Fleet[server.Id] is { Reach: Reach.Live, Pins: not null, Generations.IsEmpty: false }), () => $"{Fleet[server.Id].Fault?.Detail}");
        return server;
    }

    private Observer NewObserver(ServerId server) => new(server, new ObserverTools(Fleet, ShellOf, _ => ValueTask.CompletedTask, new SemaphoreSlim(1), TimeProvider.System, NullLogger.Instance));

    private ValueTask<IRemoteShell> ShellOf(ServerId server, CancellationToken cancellationToken) => ValueTask.FromResult<IRemoteShell>(_others.GetValueOrDefault(server) ?? _shell);

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await Watch.DisposeAsync();
        await _ledger.DisposeAsync();
        await Task.WhenAll([_observing, .. _alsoObserving]);
        await _shell.DisposeAsync();
        foreach (var other in _others.Values)
        {
            await other.DisposeAsync();
        }

        await _ssh.DisposeAsync();
        _stop.Dispose();
    }
}
