using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Mirror;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>A real SQLite database, written as agentd writes it, read by the script that servers are given.</summary>
public abstract class MirrorRoom : IAsyncDisposable
{
    private bool _isAway;

    protected MirrorRoom()
    {
        Mirror = New();
        Running = Mirror.RunAsync(Stopping.Token);
    }

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("agentd-").FullName;

    private protected TestLedger Ledger { get; } = new();

    private protected CancellationTokenSource Stopping { get; set; } = new();

    private protected Task Running { get; set; }

    private protected ChainMirror Mirror { get; set; }

    private protected AgentLedger? Agent { get; set; }

    /// <summary>The server cannot be reached.</summary>
    private protected bool IsAway { get => Volatile.Read(ref _isAway); set => Volatile.Write(ref _isAway, value); }

    public async ValueTask DisposeAsync()
    {
        await Stopping.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Agent?.Dispose();
        await Ledger.DisposeAsync();
        Stopping.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    // At once: in the moment between, the ledger would be gone.
    private protected void InstallAnew(int events)
    {
        var elsewhere = Directory.CreateTempSubdirectory("agentd-").FullName;
        var file = Path.Combine(Folder, "ledger.db");
        using (var agent = new AgentLedger(elsewhere))
        {
            agent.Append(events);
        }

        Agent!.Dispose();
        File.Delete(file + "-wal");
        File.Delete(file + "-shm");
        File.Move(Path.Combine(elsewhere, "ledger.db"), file, overwrite: true);
        Directory.Delete(elsewhere, recursive: true);
        Agent = new AgentLedger(Folder);
    }

    private protected async Task EndAsync()
    {
        await Stopping.CancelAsync();
        await EndedAsync(Running);
        Stopping.Dispose();
        Stopping = new CancellationTokenSource();
    }

    private protected ChainMirror New(ChainAllowance? allowance = null) => new(
        new Server { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch },
        Ledger.Store, (_, _) => IsAway ? throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Lost, "gone")) : ValueTask.FromResult<IRemoteShell>(new LocalShell(Folder)), TimeProvider.System, NullLogger.Instance, allowance ?? new ChainAllowance(TimeProvider.System, () => Ledger.Store.FreeBytes));

    private protected static async Task EndedAsync(Task running) => await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private protected async Task CopiedAsync(int count)
    {
        Agent = new AgentLedger(Folder);
        Agent.Append(count);
        await SeesAsync(s => s.Status == ChainStatus.Verified && s.Copied == count);
    }

    private protected IReadOnlyList<LedgerLine> Told(string status) =>
        [.. Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = HostVerbs.ChainStatus }).Lines.Where(line => line.Action!.Details["status"] == status)];

    private protected async Task<ChainStanding> SeesAsync(Func<ChainStanding, bool> wanted)
    {
        await UntilAsync(
            () =>
            {
                Mirror.Mark();
                return Mirror.Standing is { } standing && wanted(standing);
            },
            () => $"{Mirror.Standing}");
        return Mirror.Standing!;
    }

    private protected static Task UntilAsync(Func<bool> wanted, Func<string> otherwise) =>
        Eventually.GotAsync(() => Task.FromResult(wanted() ? "" : null), 40, () => Task.FromResult(otherwise()));
}
