using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Ledger;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Operations;

/// <summary>An organisation with one server, web1, that has generations 40 to 43 and runs 42, in a database of its own; and the verbs on it.</summary>
internal sealed class OperationRoom : IAsyncDisposable
{
    public static readonly Guid Boot = Guid.Parse("5d0c2f4e-1111-4222-8333-444455556666");
    private readonly string _folder;

    private OperationRoom(string folder, Database database, string[] tags)
    {
        (_folder, Database) = (folder, database);
        Ledger = new TestLedger(folder);
        Server = new Server { Id = ServerId.New(), OrganisationId = Guid.NewGuid(), Name = "web1", Address = "192.0.2.7", Login = "root", AddedAt = Clock.GetUtcNow(), Tags = [.. tags] };
        Ann = new Caller(Guid.NewGuid(), "Ann", Server.OrganisationId, Role.Operator);
        Rows = new OperationRows(Database, Ledger.Writer, Clock, NullLogger<OperationRows>.Instance);
        History = new OperationHistory(Database);
        Watch = NewWatch();
        Quarantines = new QuarantineList(Database, Ledger.Writer, Clock);
        RollBack = NewRollBack();
    }

    public Database Database { get; }

    public TestLedger Ledger { get; }

    public Server Server { get; }

    public Caller Ann { get; }

    public HandClock Clock { get; } = new();

    public Fleet Fleet { get; } = new();

    public ScriptedShell Shell { get; } = new() { Answer = (script, _) => script == "start-switch.sh" ? ["started"] : [] };

    public OperationRows Rows { get; }

    public OperationHistory History { get; }

    public QuarantineList Quarantines { get; }

    public OperationWatch Watch { get; private set; }

    public RollBack RollBack { get; private set; }

    public static async Task<OperationRoom> OpenAsync(params string[] tags)
    {
        var folder = Directory.CreateTempSubdirectory("osmoda-operations-").FullName;
        var room = new OperationRoom(folder, await EmptyDatabase.InAsync(folder), tags);
        var context = room.Database.OpenForAll();
        await using (context)
        {
            context.Organisations.Add(new Organisation { Id = room.Server.OrganisationId, Name = "Shop", CreatedAt = room.Clock.GetUtcNow() });
            await context.SaveChangesAsync();
            context.Servers.Add(room.Server);
            await context.SaveChangesAsync();
        }

        room.Live(42);
        return room;
    }

    public static StorePath SystemOf(int generation) => StorePath.Parse($"/nix/store/{new string((char)('a' + generation % 4), 32)}-nixos-system-web1-{generation}");

    public RollBackRequest To(int generation) => new()
    {
        Sheet = Guid.CreateVersion7(), Server = Server.Id, Generation = generation, Target = SystemOf(generation), SeenCurrent = SystemOf(42),
    };

    /// <summary>The observer sees the server run a generation.</summary>
    public void Live(int generation, int? nextBoot = null, Func<ServerState, ServerState>? more = null) => Fleet.Update(Server.Id, state => (more ?? (s => s))(state with
    {
        Reach = Reach.Live,
        Host = (state.Host ?? new HostFacts { BootId = Boot }) with { MayAct = true },
        Generations = [.. new[] { 43, 42, 41, 40 }.Select(n => new Generation { Number = n, System = SystemOf(n), ActivatedAt = Clock.GetUtcNow() })],
        Pins = new SystemPins(SystemOf(generation), SystemOf(42), SystemOf(nextBoot ?? generation), nextBoot ?? generation, false),
    }));

    /// <summary>Another server of the organisation, which is seen just as web1 is now.</summary>
    public async Task<ServerId> AddServerAsync(string name)
    {
        var server = new Server { Id = ServerId.New(), OrganisationId = Server.OrganisationId, Name = name, Address = "192.0.2.8", Login = "root", AddedAt = Clock.GetUtcNow() };
        var context = Database.OpenForAll();
        await using (context)
        {
            context.Servers.Add(server);
            await context.SaveChangesAsync();
        }

        Fleet.Put(Fleet[Server.Id] with { Server = server.Id });
        return server.Id;
    }

    public void See(Func<ServerState, ServerState> change) => Fleet.Update(Server.Id, change);

    /// <summary>A line of the server's journal arrives.</summary>
    public void Journal(Guid operation, string line) => See(s => s with { Switch = OsModa.Core.SafeSwitch.SwitchJournal.Apply(s.Switch, operation, line) });

    public static string Begin(Guid operation, int target, Guid? boot = null) =>
        $"10\t1764158400000010\tbegin\t1\t{operation:D}\tnow\t{SystemOf(target)}\t{target}\t{SystemOf(42)}\t42\t{boot ?? Boot:D}";

    /// <summary>The first lines of a switch with a plan: it runs now and is on probation.</summary>
    public static string[] OnProbation(Guid operation, int target, int probation = 10, int confirm = 30) =>
    [
        $"10\t1764158400000010\tbegin\t2\t{operation:D}\tnow\t{SystemOf(target)}\t{target}\t{SystemOf(42)}\t42\t{Boot:D}\t{probation}\t{confirm}",
        "20\t1764158400000020\tstage\tactivate",
        "400000\t1764158400400000\tended\tactivate\tok\t",
        "400010\t1764158400400010\tstage\tprobation",
    ];

    /// <summary>And the lines of its way back, because of a unit.</summary>
    public static string[] WayBack(string unit, string kind = "crash") =>
    [
        $"500000\t1764158400500000\ttrouble\t{kind}\t{unit}\t450000\t{unit}: exit-code",
        $"510000\t1764158400510000\tverdict\tbad\t{unit}\t{unit} has crashed",
        "511000\t1764158400511000\tended\tprobation\tfailed\t",
        "512000\t1764158400512000\tstage\tback",
        "1450000\t1764158401450000\tended\tback\tok\t",
        "1450010\t1764158401450010\tstage\trecheck",
        "1650000\t1764158401650000\tended\trecheck\tok\t",
    ];

    public static string Done(string verdict, int current, int profile, string text = "") =>
        $"500000\t1764158400500000\tdone\t{verdict}\t0\t{SystemOf(current)}\t{SystemOf(profile)}\t{profile}\t{text}";

    /// <summary>The answer of operation.sh.</summary>
    public static IEnumerable<string> Truth(Guid operation, int current, int profile, IEnumerable<string> journal, Guid? boot = null, Guid? running = null, bool guarded = false) =>
    [
        .. journal.Select(line => $"J\t{operation:D}\t{line}"),
        $"facts\t{boot ?? Boot:D}\t{SystemOf(current)}\t{SystemOf(42)}\t{SystemOf(profile)}\t{profile}\t{(running is { } id ? $"osModa operation {id:D}" : "-")}\t{(guarded ? "guarded" : "-")}",
        "end",
    ];

    public async Task<Operation> RowAsync(Guid operation) => await History.FindAsync(Ann, operation) ?? throw new InvalidOperationException("No such row.");

    /// <summary>Waits until a row is as wanted, moving the clock on by hand; the server never stands still for long. On a busy machine that takes a while.</summary>
    public Task<Operation> UntilAsync(Guid operation, Func<Operation, bool> wanted) => Eventually.GotAsync(
        async () => await RowAsync(operation) is { } row && wanted(row) ? row : null,
        Clock,
        TimeSpan.FromMilliseconds(100),
        async () => $"the operation is {(await RowAsync(operation)).State}");

    /// <summary>The dashboard is killed and started again: nothing but the database is left.</summary>
    public async Task RestartAsync()
    {
        await Watch.DisposeAsync();
        Watch = NewWatch();
        RollBack = NewRollBack();
        await Watch.ResumeAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        await Ledger.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private ValueTask<IRemoteShell> ShellOf(ServerId server, CancellationToken cancellationToken) => ValueTask.FromResult<IRemoteShell>(Shell);

    public StandingWatches Standing => new(Watch, Rows, ShellOf, Clock);

    public KeepOperation Keep => new(History, ShellOf, Rows, Ledger.Writer, Clock);

    public StopOperation StopIt => new(History, ShellOf, Rows, Ledger.Writer, Clock);

    public RunDrill Drill => new(Database, Fleet, ShellOf, new BeginOperation(Database, ShellOf, Watch, Ledger.Writer, Clock), Clock);

    private RollBack NewRollBack() => new(Database, Fleet, History, Quarantines, new BeginOperation(Database, ShellOf, Watch, Ledger.Writer, Clock), Clock);

    private OperationWatch NewWatch() => new(Fleet, ShellOf, Rows, Clock, NullLogger<OperationWatch>.Instance);
}
