using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Tests.Ledger;
using OsModa.Tests.Observation;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>A server of the lab whose own record goes into a ledger, over a connection that can be ended and made anew.</summary>
internal sealed class LedgerLab : IAsyncDisposable
{
    private readonly SshLab _ssh;
    private readonly TestLedger _ledger = new();
    private readonly SemaphoreSlim _places = new(1);
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private OpenSshShell? _shell;

    private LedgerLab(LabServer machine, SshLab ssh)
    {
        (Machine, _ssh) = (machine, ssh);
        Server = new Server { Id = ServerId.New(), OrganisationId = TestLedger.Ours, Name = machine.Name, Address = machine.Address, Login = machine.User, AddedAt = DateTimeOffset.UnixEpoch };
    }

    public LabServer Machine { get; }

    public Server Server { get; }

    public Fleet Fleet { get; } = new();

    public ServerRecording Recording { get; private set; } = null!;

    public TestLedger Ledger => _ledger;

    public static async Task<LedgerLab> UpAsync(params string[] options)
    {
        var machine = await LabServer.UpAsync(options);
        var lab = new LedgerLab(machine, await SshLab.OpenAsync());
        await machine.AdmitAsync(lab._ssh.PublicKey);
        await lab.ConnectAsync();
        return lab;
    }

    /// <summary>Watches, until the whole state is known.</summary>
    public async Task ConnectAsync()
    {
        _stop = new CancellationTokenSource();
        var recording = new ServerRecording(Server, _ledger.Store, Fleet, ShellAsync, TimeProvider.System, NullLogger.Instance);
        var observer = new Observer(Server.Id, new ObserverTools(Fleet, ShellAsync, ReleaseAsync, _places, TimeProvider.System, NullLogger.Instance)) { Recording = recording };
        recording.Chain.Judged = standing => observer.Post(new ServerEvent.ChainJudged(TimeProvider.System.GetUtcNow(), standing));
        Recording = recording;
        _running = Task.WhenAll(observer.RunAsync(_stop.Token), recording.RunAsync(_stop.Token));
        var since = Fleet[Server.Id].HeardAt;
        await Fleet.UntilAsync(Server.Id, s => s.Reach == Reach.Live && s.HeardAt > (since ?? DateTimeOffset.MinValue), ObservedServer.Ceiling);
    }

    /// <summary>The dashboard is away.</summary>
    public async Task DisconnectAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ReleaseAsync(Server.Id);
        _stop.Dispose();
    }

    /// <summary>The entries of a verb, newest first.</summary>
    public IReadOnlyList<LedgerLine> Lines(string verb) => _ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = verb, Source = Server.Id.Value }, null, LedgerQueries.MostLines).Lines;

    /// <summary>Waits until there is an entry like that, and says which one.</summary>
    public Task<LedgerLine> SeesAsync(string verb, Func<LedgerLine, bool>? like = null) => Eventually.GotAsync(
        () => Task.FromResult(Lines(verb).FirstOrDefault(like ?? (static _ => true))),
        (int)ObservedServer.Ceiling.TotalSeconds,
        () => Task.FromResult($"the ledger has no such entry of {verb}; it has {string.Join(", ", Lines("").Select(line => $"{line.Type} {line.Action?.Who} {line.Action?.Text}"))}. The server: {Fleet[Server.Id].Fault}"));

    public async Task<IRemoteShell> ShellAsync() => await ShellAsync(Server.Id, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        await Machine.DisposeAsync();
        await _ssh.DisposeAsync();
        await _ledger.DisposeAsync();
        _places.Dispose();
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
