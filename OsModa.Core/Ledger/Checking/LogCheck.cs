using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
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
    private readonly IReadOnlyCollection<VerifierKey> _keys;
    private readonly ChainCheck _chains = new();
    private readonly byte[] _leaves = new byte[TileId.FullWidth * TreeHash.Bytes];
    private readonly CompactRange _full = new();    // of the full bundles that were read
    private readonly List<List<byte>> _upper = [];
    private long _read;
    private long _heads;
    private long _signed;

    private LogCheck(ILogSource log, IReadOnlyCollection<VerifierKey> keys) => (_log, _keys) = (log, keys);

    /// <param name="log">What to check.</param>
    /// <param name="keys">Of the log, from the one who checks: never what the log itself says.</param>
    /// <param name="progress">Entries read so far, once a thousand bundles.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static CheckReport Run(ILogSource log, IReadOnlyCollection<VerifierKey> keys, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var check = new LogCheck(log, keys);
        try
        {
            return check.Read(progress, cancellationToken);
        }
        catch (LedgerDamagedException e)
        {
            return check.Report(CheckResult.Malformed, e.Message);
        }
    }

    private CheckReport Read(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var heads = _log.Checkpoints().GetEnumerator();
        var head = heads.MoveNext() ? heads.Current : null;
        for (var n = 0L; n * TileId.FullWidth < _log.Size || head is { Size: 0 }; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var width = (int)Math.Min(TileId.FullWidth, _log.Size - (n * TileId.FullWidth));
            if (Bundle(n, width) is { } wrong)
            {
                return wrong;
            }

            while (head is not null && head.Size <= (n * TileId.FullWidth) + width)
            {
                if (Head(head, width) is { } bad)
                {
                    return bad;
                }

                head = heads.MoveNext() ? heads.Current : null;
            }

            if (width == TileId.FullWidth && FullTile(n) is { } off)
            {
                return off;
            }

            if (n % 1000 == 999)
            {
                progress?.Report(_read);
            }
        }

        progress?.Report(_read);
        if (PartialTiles() is { } partial)
        {
            return partial;
        }

        return head is not null
            ? Report(CheckResult.ContentMismatch, $"A head of {head.Size} entries was signed, but there are only {_log.Size}: the newest are gone.", _log.Size)
            : Report(CheckResult.Ok, _signed == _read ? $"All {_read} entries are as they were signed." : $"All {_read} entries are in order; the newest {_read - _signed} are not signed yet.");
    }

    private CheckReport? Bundle(long n, int width)
    {
        var rest = _log.Bundle(n);
        for (var i = 0; i < width; i++)
        {
            if (!EntryBundle.TryTake(ref rest, out var entry) || !LedgerRecord.TryParse(entry, out var record))
            {
                return Report(CheckResult.ContentMismatch, $"Does not verify at entry {_read}: there is no whole record.", _read);
            }

            Sha256.Leaf(entry).CopyTo(_leaves.AsSpan(i * TreeHash.Bytes));
            if (Events(record) is { } wrong)
            {
                return wrong;
            }

            _read++;
        }

        if (!rest.IsEmpty)
        {
            return Report(CheckResult.ContentMismatch, $"Does not verify at entry {_read}: there is more in its bundle than there should be.", _read);
        }

        var tile = _log.Tile(new TileId(0, n, Math.Max(1, width)));
        var leaves = _leaves.AsSpan(0, width * TreeHash.Bytes);
        if (tile.Length != leaves.Length || !tile.SequenceEqual(leaves))
        {
            var at = (n * TileId.FullWidth) + (tile.CommonPrefixLength(leaves) / TreeHash.Bytes);
            return Report(CheckResult.ContentMismatch, $"Does not verify at entry {at}: it is not what was written.", at);
        }

        return null;
    }

    private CheckReport? Events(LedgerRecord record)
    {
        if (record.IsBeside)
        {
            var body = _log.Beside(record.Body[..TreeHash.Bytes]);
            if (body is not null && !LedgerRecord.Beside(body).AsSpan().SequenceEqual(record.Body))
            {
                return Report(CheckResult.ContentMismatch, $"Does not verify at entry {_read}: what is kept beside it is not what was written.", _read);
            }

            if (record.IsEvent && body is not null)
            {
                _chains.Add(_read, record, body);
            }
            else if (record.IsEvent)
            {
                _chains.AddUnreadable(record);
            }
        }
        else if (record.IsEvent)
        {
            _chains.Add(_read, record, record.Body);
        }

        return null;
    }

    private CheckReport? Head(SignedHead head, int width)
    {
        if (head.Note is not { } note || !Checkpoint.TryParse(note.Text, out var checkpoint) || checkpoint.Size != head.Size || checkpoint.Origin != _log.Origin)
        {
            return Report(CheckResult.Malformed, $"The head of {head.Size} entries is no checkpoint of {_log.Origin}.");
        }

        if (note.Check(_keys) is not { Length: > 0 })
        {
            return Report(CheckResult.Signature, $"The head of {head.Size} entries is not signed by {_log.Origin}.");
        }

        var edge = _full.Copy();
        for (var i = 0; edge.Size < head.Size && i < width; i++)
        {
            edge.Append(TreeHash.From(_leaves.AsSpan(i * TreeHash.Bytes, TreeHash.Bytes)));
        }

        if (edge.Size != head.Size || edge.Root() != checkpoint.Root)
        {
            return Report(CheckResult.ContentMismatch, $"Does not verify between entries {_signed} and {head.Size}: they do not give the root that was signed.", _signed);
        }

        (_signed, _heads) = (head.Size, _heads + 1);
        return null;
    }

    private CheckReport? FullTile(long n)
    {
        var root = TiledSubtrees.Fold(_leaves);
        _full.AppendSubtree(8, root);
        for (var (level, index) = (1, n); ; level++, index /= TileId.FullWidth)
        {
            if (_upper.Count < level)
            {
                _upper.Add([]);
            }

            var tile = _upper[level - 1];
            tile.AddRange(root.AsSpan());
            if (tile.Count < _leaves.Length)
            {
                return null;
            }

            var whole = tile.ToArray();
            tile.Clear();
            if (!_log.Tile(new TileId(level, index / TileId.FullWidth, TileId.FullWidth)).SequenceEqual(whole))
            {
                return Tile(level, index / TileId.FullWidth);
            }

            root = TiledSubtrees.Fold(whole);
        }
    }

    private CheckReport? PartialTiles()
    {
        for (var level = 1; level <= _upper.Count; level++)
        {
            var index = _log.Size >> (8 * (level + 1));
            if (_upper[level - 1] is { Count: > 0 } tile && !_log.Tile(new TileId(level, index, tile.Count / TreeHash.Bytes)).SequenceEqual(tile.ToArray()))
            {
                return Tile(level, index);
            }
        }

        return null;
    }

    private CheckReport Tile(int level, long index) =>
        Report(CheckResult.ContentMismatch, $"Does not verify: the hashes of {new TileId(level, index, TileId.FullWidth).Path} are not those of the entries.", index << (8 * (level + 1)));

    private CheckReport Report(CheckResult result, string sentence, long? at = null) => new(result, sentence, at, _read, _signed, _heads, _chains.Report());
}
