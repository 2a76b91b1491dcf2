using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>Checks a file that somebody brings. Nothing of it is kept. One at a time: a file may be made to cost as much as it can.</summary>
public sealed class CheckExport(LedgerStore store) : IDisposable
{
    /// <summary>Of a file that comes through a page; larger ones are for the command.</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="caller">Whose ledgers' keys are known without being given.</param>
    /// <param name="file">Can be sought in; disposed.</param>
    /// <param name="key">Of another ledger; null when it is of this organisation's.</param>
    /// <param name="progress">Entries read so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ExportVerdict> RunAsync(Caller caller, Stream file, VerifierKey? key, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using (file)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => Run(caller, file, key, progress, cancellationToken), cancellationToken);
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
    }

    public void Dispose() => _turn.Dispose();

    private ExportVerdict Run(Caller caller, Stream stream, VerifierKey? key, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var file = BundleFile.Open(stream);
        var ours = store.Logs().FirstOrDefault(log => log.Tenant == caller.OrganisationId && log.Origin == file.Origin);
        var report = BundleCheck.Run(file, new LogTrust(ours is not null ? store.Keys.Known(ours) : key is not null ? [key] : []), progress, cancellationToken);
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
