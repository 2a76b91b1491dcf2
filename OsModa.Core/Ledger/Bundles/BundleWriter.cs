using System.Text;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>
/// Writes a part of a log into one file that can be checked without us: entries, the hashes around them, the signed head, and what somebody needs to check them. It is written as it is read, so that
/// memory does not grow with the log.
/// </summary>
internal sealed class BundleWriter(LogReader log, VerifierKey key, IEnumerable<VerifierKey> witnesses, BundlePlan plan, Stream to) : IDisposable
{
    private readonly BundleZip _zip = new(to);

    /// <summary>All of it, in this order, which is always the same.</summary>
    public void Write(CancellationToken cancellationToken)
    {
        _zip.Add(BundleMembers.ReadMe, BundleTexts.ReadMe);
        _zip.Add(BundleMembers.Verifier, VerifyPage.Html);
        _zip.Add(BundleMembers.Checkpoint, Encoding.UTF8.GetBytes(plan.Head.Text));
        if (plan.Previous is { } previous)
        {
            _zip.Add(BundleMembers.PreviousCheckpoint, Encoding.UTF8.GetBytes(previous.Text));
            _zip.Add(BundleMembers.Consistency, Lines(Consistency.Prove(log.Subtrees(plan.Size), previous.Size, plan.Size)));
        }

        var changes = log.KeyChanges().Where(change => change.At < plan.Size).ToList();
        _zip.Add(BundleMembers.Policy, BundlePolicy.Write(key, changes, witnesses, plan.Head));
        foreach (var change in changes)
        {
            _zip.Add($"{BundleMembers.KeyFolder}{change.At}", Encoding.UTF8.GetBytes(change.ToString()));
        }

        Timestamps();
        var later = log.RedactionsElsewhere().Where(one => (one.Seq >= plan.First && one.Seq < plan.Size) || plan.Proofs.Contains(one.Seq)).ToList();
        if (later.Count > 0)
        {
            _zip.Add(BundleMembers.Redactions, RedactionList.Write(later.Select(static one => new RedactedLater(one.Seq, one.Log.Origin, one.At, IsAtHand: false))));
        }

        if (plan.First < plan.Size)
        {
            Entries(cancellationToken);
            Tiles();
            _zip.Add(BundleMembers.Chains, ChainSummary.Write(log, plan.First, plan.Size));
            var range = new LogRange(log, plan.First, plan.Size);
            _zip.Add(BundleMembers.Table, text => new EventTable().Write(Stopping(EventRow.Of(range), cancellationToken), text));
            _zip.Add(BundleMembers.Lines, text => new EventLines().Write(Stopping(EventRow.Of(range), cancellationToken), text));
        }

        Proofs(cancellationToken);
        _zip.Add(BundleMembers.Manifest, new BundleManifest(log.Origin, [key], plan.First, plan.Size, plan.Proofs.Length, _zip.Members) { Source = plan.Source }.ToCanonicalJson());
    }

    public void Dispose() => _zip.Dispose();

    // Each with the way from it to the checkpoint: so it can be compared whichever entries are in the file.
    private void Timestamps()
    {
        foreach (var stamp in plan.Timestamps)
        {
            _zip.Add(BundleMembers.Timestamp(stamp.Size, BundleMembers.StampedEnding), Encoding.UTF8.GetBytes(stamp.Note));
            _zip.Add(BundleMembers.Timestamp(stamp.Size, BundleMembers.AnswerEnding), TimestampAnswer.Of(stamp.Token));
            _zip.Add(BundleMembers.Timestamp(stamp.Size, BundleMembers.StampedConsistencyEnding), Lines(Consistency.Prove(log.Subtrees(plan.Size), stamp.Size, plan.Size)));
        }
    }

    private void Entries(CancellationToken cancellationToken)
    {
        var beside = new SortedSet<string>(StringComparer.Ordinal);
        for (var n = plan.First / TileId.FullWidth; n * TileId.FullWidth < plan.Size; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var width = (int)Math.Min(TileId.FullWidth, plan.Size - (n * TileId.FullWidth));
            _zip.Add(BundleMembers.Entries(n, plan.Size), Part(log.Bundle(n), n, width, beside));
        }

        Beside(beside);
    }

    private void Beside(IEnumerable<string> hashes)
    {
        foreach (var hash in hashes)
        {
            _zip.Add(BundleMembers.BesideFolder + hash, log.Beside(Convert.FromHexString(hash)) ?? throw new LedgerDamagedException($"The ledger {log.Origin} is damaged: a text that is kept beside it is missing."));
        }
    }

    // As many of its entries as the head has; those after it are nobody's business yet.
    private ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bundle, long n, int width, SortedSet<string> beside)
    {
        var rest = bundle;
        for (var i = 0; i < width; i++)
        {
            if (!EntryBundle.TryTake(ref rest, out var entry) || !LedgerRecord.TryParse(entry, out var record))
            {
                throw new LedgerDamagedException($"The ledger {log.Origin} is damaged: there is no whole record at entry {(n * TileId.FullWidth) + i}.");
            }

            if (record.IsBeside)
            {
                beside.Add(Convert.ToHexStringLower(record.Body[..TreeHash.Bytes]));
            }
        }

        return bundle[..(bundle.Length - rest.Length)];
    }

    private void Tiles()
    {
        foreach (var id in BundleMembers.Tiles(plan.First, plan.Size))
        {
            var tile = log.Tile(id);
            var bytes = id.Width * TreeHash.Bytes;
            _zip.Add(id.Path, tile.Length >= bytes ? tile[..bytes] : throw new LedgerDamagedException($"The ledger {log.Origin} is damaged: {id.Path} is missing or too short."), isRandom: true);
        }
    }

    private void Proofs(CancellationToken cancellationToken)
    {
        if (plan.Proofs.IsEmpty || plan.Head.Note is not { } note)
        {
            return;
        }

        var subtrees = log.Subtrees(plan.Size);
        var beside = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var seq in plan.Proofs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entry = log.Entry(seq);
            _zip.Add(BundleMembers.Proof(seq), Encoding.UTF8.GetBytes(new LoggedProof(seq, [.. Inclusion.Prove(subtrees, seq, plan.Size)], note, entry).ToString()));
            if (LedgerRecord.TryParse(entry, out var record) && record.IsBeside)
            {
                beside.Add(Convert.ToHexStringLower(record.Body[..TreeHash.Bytes]));
            }
        }

        var written = _zip.Members;    // those of a range are there
        Beside(beside.Where(hash => !written.ContainsKey(BundleMembers.BesideFolder + hash)));
    }

    private static byte[] Lines(TreeHash[] hashes) => Encoding.ASCII.GetBytes(string.Concat(hashes.Select(static hash => hash.ToBase64() + "\n")));

    private static IEnumerable<EventRow> Stopping(IEnumerable<EventRow> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }
    }
}
