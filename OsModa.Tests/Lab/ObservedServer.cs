using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Tests.Observation;

namespace OsModa.Tests.Lab;

/// <summary>A server of the lab under observation over the OpenSSH client, as in the product but for the database and the pages.</summary>
internal sealed class ObservedServer : IAsyncDisposable
{
    // Ten servers and a build may share two cores; what is measured is said apart.
    public static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(60);

    private readonly SshLab _ssh;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(2);
    private readonly Task _running;
    private OpenSshShell? _shell;

    private ObservedServer(LabServer machine, SshLab ssh)
    {
        (Machine, _ssh) = (machine, ssh);
        Observer = new Observer(Id, new ObserverTools(Fleet, ShellAsync, ReleaseAsync, _places, TimeProvider.System, NullLogger.Instance));
        _running = Observer.RunAsync(_stop.Token);
    }

    public LabServer Machine { get; }

    public ServerId Id { get; } = ServerId.New();

    public Fleet Fleet { get; } = new();

    public Observer Observer { get; }

    public ServerState State => Fleet[Id];

    /// <summary>Makes a server and waits for its whole state.</summary>
    /// <param name="options">Options of lab/up.</param>
    public static async Task<ObservedServer> UpAsync(params string[] options)
    {
        var machine = await LabServer.UpAsync(options);
        var ssh = await SshLab.OpenAsync();
        await machine.AdmitAsync(ssh.PublicKey);
        var observed = new ObservedServer(machine, ssh);
        await observed.SeesAsync(s => s.Reach == Reach.Live);
        return observed;
    }

    public Task<ServerState> SeesAsync(Func<ServerState, bool> asked) => Fleet.UntilAsync(Id, asked, Ceiling);

    public Task<ServerState> SeesUnitAsync(string name, Func<UnitState, bool> asked) =>
        SeesAsync(s => s.Units.TryGetValue(UnitName.Parse(name), out var unit) && asked(unit));

    public async Task<IRemoteShell> ShellAsync() => await ShellAsync(Id, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await ReleaseAsync(Id);
        await Machine.DisposeAsync();
        await _ssh.DisposeAsync();
        _places.Dispose();
        _stop.Dispose();
    }

    private ValueTask<IRemoteShell> ShellAsync(ServerId id, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IRemoteShell>(_shell ??= new OpenSshShell(_ssh.Client, _ssh.Route(Machine)));

    private async ValueTask ReleaseAsync(ServerId id)
    {
        if (Interlocked.Exchange(ref _shell, null) is { } shell)
        {
            await shell.DisposeAsync();
        }
    }
}
