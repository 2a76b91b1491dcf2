using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>Checks a file that somebody brings. Nothing of it is kept. One at a time, from its first byte on: a file may be made to cost as much as it can.</summary>
public sealed class CheckExport(LedgerStore store, StorageSettings storage, TimestampSettings timestamps, TimeProvider time) : IDisposable
{
    /// <summary>Of a file that comes through a page; larger ones are for the command.</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    /// <summary>Within this a file has arrived: whoever sends slowly keeps others waiting.</summary>
    public static readonly TimeSpan LongestArrival = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="caller">Whose ledgers' keys are known without being given.</param>
    /// <param name="receive">Writes the file, once it is its turn; on the disk, since it is not held in memory.</param>
    /// <param name="key">Of another ledger; null when it is of this organisation's.</param>
    /// <param name="progress">Entries read so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">It did not arrive within <see cref="LongestArrival"/>.</exception>
    public async Task<ExportVerdict> RunAsync(Caller caller, Func<Stream, CancellationToken, Task> receive, VerifierKey? key, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var file = new FileStream(storage.ReceivedFile, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, Share = FileShare.None });
            await using (file)
            {
                await ReceiveAsync(file, receive, cancellationToken);
                return await Task.Run(() => Run(caller, file, key, progress, cancellationToken), cancellationToken);
            }
        }
        catch (LedgerDamagedException e)
        {
            return new ExportVerdict(new CheckReport(CheckResult.Malformed, e.Message, null, 0, 0, 0, []), "", false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task ReceiveAsync(FileStream file, Func<Stream, CancellationToken, Task> receive, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestArrival, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await receive(file, stop.Token);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"It did not arrive within {LongestArrival.TotalMinutes:0} minutes.", e);
        }
    }

    private ExportVerdict Run(Caller caller, Stream stream, VerifierKey? key, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var file = BundleFile.Open(stream);
        var ours = store.Logs().FirstOrDefault(log => log.Tenant == caller.OrganisationId && log.Origin == file.Origin);
        // Nobody has to have stamped it: another dashboard may ask another authority, or none.
        var trust = new LogTrust(ours is not null ? store.Keys.Known(ours) : key is not null ? [key] : []) { TimestampRoots = timestamps.Url is null ? null : timestamps.Roots, NeedsTimestamp = false };
        var report = BundleCheck.Run(file, trust, progress, cancellationToken);
        if (ours is null || report.Result != CheckResult.Ok)
        {
            return new ExportVerdict(report, file.Origin, ours is not null);
        }

        using var here = store.Open(ours);
        return Differs(file, here) is { } wrong
            ? new ExportVerdict(report with { Result = CheckResult.Consistency, Sentence = wrong }, file.Origin, true)
            : new ExportVerdict(report, file.Origin, true) { EntriesHere = here.Size };
    }

    // Signed with the right key, and yet another history than ours: then one of the two was made up later.
    private static string? Differs(BundleFile file, LogReader here)
    {
        if (file.Size > here.Size)
        {
            return $"The file is right and has {file.Size} entries, but the ledger here has only {here.Size}: its newest are gone. Keep the file: it is evidence.";
        }

        return Checkpoint.TryParse(file.Checkpoints().Single().Note?.Text, out var head) && Ranges.Root(here.Subtrees(here.Size), head.Size) == head.Root
            ? null
            : $"The file is right, but at {file.Size} entries the ledger here is another history, and both are signed. Keep the file: it is evidence.";
    }

}

/// <summary>What came of checking a file.</summary>
/// <param name="Report">Of its content.</param>
/// <param name="Origin">Of the ledger it says it is of; empty when that cannot be read.</param>
/// <param name="IsOurs">It is of the caller's organisation, so the key is known here.</param>
public sealed record ExportVerdict(CheckReport Report, string Origin, bool IsOurs)
{
    /// <summary>How many entries the ledger here has, which continues what is in the file; null when they were not compared.</summary>
    public long? EntriesHere { get; init; }
}
