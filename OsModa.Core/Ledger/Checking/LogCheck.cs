using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>
/// Reads a log from its first entry to its last, hashes everything anew, and holds it against tiles and signed heads; bundle by bundle, so that memory does not
/// grow with the log. Stops at the first thing that is wrong.
/// </summary>
public sealed class LogCheck
{
    private readonly ILogSource _log;
    private readonly EntryCheck _entries;
    private readonly TileCheck _tiles;
    private readonly HeadCheck _heads;

    private LogCheck(ILogSource log, HeadCheck heads) => (_log, _entries, _tiles, _heads) = (log, new EntryCheck(log), new TileCheck(log), heads);

    /// <param name="log">What to check.</param>
    /// <param name="keys">Of the log, from the one who checks: never what the log itself says.</param>
    /// <param name="progress">Entries read so far, once a thousand bundles.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static CheckReport Run(ILogSource log, IReadOnlyCollection<VerifierKey> keys, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        Run(log, new LogTrust([.. keys]), progress, cancellationToken);

    /// <param name="log">What to check.</param>
    /// <param name="trust">What it has to hold against.</param>
    /// <param name="progress">Entries read so far, once a thousand bundles.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be read at present, which says nothing of it.</exception>
    public static CheckReport Run(ILogSource log, LogTrust trust, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        try
        {
            using var heads = new HeadCheck(log, trust);
            return new LogCheck(log, heads).Run(progress, cancellationToken);
        }
        catch (LedgerDamagedException e) when (e is not LedgerUnavailableException)
        {
            return new CheckReport(CheckResult.Malformed, e.Message, null, 0, 0, 0, []) { First = log.First };      // not even the first head can be read
        }
    }

    private CheckReport Run(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return Report(Read(progress, cancellationToken));
        }
        catch (LedgerDamagedException e) when (e is not LedgerUnavailableException)
        {
            return Report(new Finding(CheckResult.Malformed, e.Message));
        }
    }

    private Finding? Read(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (_heads.Begin() is { } distrusted)
        {
            return distrusted;
        }

        for (var n = 0L; n * TileId.FullWidth < _log.Size || _heads.HasEmpty; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((n * TileId.FullWidth < _log.First ? Skip(n) : Bundle(n)) is { } wrong)
            {
                return wrong;
            }

            if (n % 1000 == 999)
            {
                progress?.Report(_entries.Read);
            }
        }

        progress?.Report(_entries.Read);
        return _tiles.Partial() ?? _entries.Self.End() ?? _heads.End();
    }

    private Finding? Bundle(long n)
    {
        var width = (int)Math.Min(TileId.FullWidth, _log.Size - (n * TileId.FullWidth));
        return _entries.Bundle(n, width)
            ?? _heads.UpTo((n * TileId.FullWidth) + width, _tiles.Full, _entries.Leaves)
            ?? (width == TileId.FullWidth ? _tiles.Append(n, TreeFold.Root(_entries.Leaves)) : null);
    }

    // Entries that are not at hand: only the root over them is.
    private Finding? Skip(long n) => _tiles.Kept(n) is { } root
        ? HeadsWithin(n, root) ?? _tiles.Append(n, root) ?? _heads.UpTo((n + 1) * TileId.FullWidth, _tiles.Full, [])
        : new Finding(CheckResult.Malformed, $"The hashes of the entries before {_log.First} are missing.");

    // Of entries that were dropped each one's hash is still there, and heads end among them.
    private Finding? HeadsWithin(long n, TreeHash root)
    {
        var leaves = _log.IsPart ? [] : _log.Tile(new TileId(0, n, TileId.FullWidth)).ToArray();
        return leaves.Length == 0 ? null
            : leaves.Length != TileId.FullWidth * TreeHash.Bytes || TreeFold.Root(leaves) != root
                ? new Finding(CheckResult.ContentMismatch, $"Does not verify: the hashes of entries {n * TileId.FullWidth} to {((n + 1) * TileId.FullWidth) - 1} are not what was written.", n * TileId.FullWidth)
                : _heads.UpTo((n + 1) * TileId.FullWidth, _tiles.Full, leaves);
    }

    private CheckReport Report(Finding? wrong)
    {
        var (read, signed) = (_entries.Read, _heads.Signed);
        var rest = _log.Size - signed;
        var dropped = _log is { IsPart: false, First: > 0 and var first } ? $" Those before entry {first} were dropped; their hashes are as they were signed." : "";
        var finding = wrong ?? new Finding(CheckResult.Ok, rest == 0 ? $"All {read} entries are as they were signed.{dropped}" : $"All {read} entries are in order; the newest {rest} are not signed yet.{dropped}");
        return new CheckReport(finding.Result, finding.Sentence, finding.At, read, signed, _heads.Count, _entries.Chains.Report()) { First = _log.First, Witnessed = _heads.Witnessed, Elsewhere = _entries.Self.Elsewhere };
    }
}
