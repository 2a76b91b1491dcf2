using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Checking;

/// <summary>Holds signed heads, those of the log and those that were seen before, against the entries as they are read.</summary>
internal sealed class HeadCheck : IDisposable
{
    private readonly ILogSource _log;
    private readonly LogTrust _trust;
    private readonly KeyChain _keys;
    private readonly IEnumerator<SignedHead> _heads;
    private readonly Queue<Checkpoint> _seen = [];
    private SignedHead? _next;

    public HeadCheck(ILogSource log, LogTrust trust)
    {
        (_log, _trust, _keys) = (log, trust, trust.KeysOf(log));
        _heads = log.Checkpoints().GetEnumerator();
        Advance();
    }

    /// <summary>Entries under the newest head that is right.</summary>
    public long Signed { get; private set; }

    /// <summary>Heads that are right.</summary>
    public long Count { get; private set; }

    /// <summary>Entries under the newest head that enough witnesses signed; null for none.</summary>
    public long? Witnessed { get; private set; }

    /// <summary>A head of no entries waits, which no entry brings up.</summary>
    public bool HasEmpty => _next is { Size: 0 } || _seen is { Count: > 0 } && _seen.Peek().Size == 0;

    /// <summary>Before anything is read.</summary>
    public Finding? Begin()
    {
        if (_keys.IsEmpty)
        {
            return new Finding(CheckResult.Policy, $"No key of {_log.Origin} is known to the one who checks, so nothing can be said about who signed it.");
        }

        if (_keys.Torn is { } torn)
        {
            return new Finding(CheckResult.Signature, $"Entry {torn.At} goes over from a key that the log was not signed with: the history of its keys is broken.", torn.At);
        }

        if (_trust.Policy is { Logs.IsEmpty: false } policy && !policy.Logs.Any(log => log.Key.Name == _log.Origin))
        {
            return new Finding(CheckResult.Policy, $"The policy does not name the log {_log.Origin}.");
        }

        var seen = new List<Checkpoint>();
        foreach (var note in _trust.Seen)
        {
            if (!Checkpoint.TryParse(note.Text, out var head) || head.Origin != _log.Origin)
            {
                return new Finding(CheckResult.Malformed, $"The head that was seen before is none of {_log.Origin}.");
            }

            if (note.Check(_keys.For(head.Size)) is not { Length: > 0 })
            {
                return new Finding(CheckResult.Signature, $"The head of {head.Size} entries that was seen before is not signed by {_log.Origin}.");
            }

            seen.Add(head);
        }

        seen.OrderBy(static head => head.Size).ToList().ForEach(_seen.Enqueue);
        return null;
    }

    /// <summary>So many entries were read: the heads up to there.</summary>
    /// <param name="size">Entries.</param>
    /// <param name="edge">Of full bundles.</param>
    /// <param name="leaves">Hashes of the entries after them.</param>
    public Finding? UpTo(long size, CompactRange edge, ReadOnlySpan<byte> leaves)
    {
        while (_next is { } head && head.Size <= size)
        {
            if (Own(head, RootAt(head.Size, edge, leaves)) is { } wrong)
            {
                return wrong;
            }

            Advance();
        }

        while (_seen.TryPeek(out var before) && before.Size <= size)
        {
            if (Seen(before, RootAt(before.Size, edge, leaves)) is { } wrong)
            {
                return wrong;
            }

            _seen.Dequeue();
        }

        return null;
    }

    /// <summary>All entries were read.</summary>
    public Finding? End() =>
        _next is { } head ? new Finding(CheckResult.ContentMismatch, $"A head of {head.Size} entries was signed, but there are only {_log.Size}: the newest are gone.", _log.Size)
        : _seen.TryPeek(out var seen) ? new Finding(CheckResult.Consistency, $"A head of {seen.Size} entries was seen before, but there are only {_log.Size}: the newest are gone, or this is an older copy.", _log.Size)
        : _trust.Policy is { } policy && Witnessed is null ? new Finding(CheckResult.Policy, $"No head was signed by as many witnesses as the policy asks for (quorum {policy.Quorum}).")
        : null;

    /// <summary>There are no entries to read: who signed the heads, and nothing more.</summary>
    public Finding? WithoutEntries()
    {
        if (Begin() is { } distrusted)
        {
            return distrusted;
        }

        TreeHash? root = null;
        for (; _next is { } head; Advance())
        {
            if (Vouched(head, out root, out var verdict) is { } wrong)
            {
                return wrong;
            }

            Accept(head, verdict);
        }

        while (_seen.TryPeek(out var before) && before.Size <= _log.Size)
        {
            if (Seen(before, before.Size == Signed ? root : null) is { } wrong)
            {
                return wrong;
            }

            _seen.Dequeue();
        }

        return End();
    }

    public void Dispose() => _heads.Dispose();

    private Finding? Own(SignedHead head, TreeHash? root)
    {
        if (Vouched(head, out var signed, out var verdict) is { } wrong)
        {
            return wrong;
        }

        if (root != signed)
        {
            return new Finding(CheckResult.ContentMismatch, $"Does not verify between entries {Signed} and {head.Size}: they do not give the root that was signed.", Signed);
        }

        Accept(head, verdict);
        return null;
    }

    private Finding? Vouched(SignedHead head, out TreeHash? root, out PolicyVerdict? verdict)
    {
        (root, verdict) = (null, null);
        if (head.Note is not { } note || !Checkpoint.TryParse(note.Text, out var checkpoint) || checkpoint.Size != head.Size || checkpoint.Origin != _log.Origin)
        {
            return new Finding(CheckResult.Malformed, $"The head of {head.Size} entries is no checkpoint of {_log.Origin}.");
        }

        if (note.Check(_keys.For(head.Size)) is not { Length: > 0 })
        {
            return new Finding(CheckResult.Signature, $"The head of {head.Size} entries is not signed by {_log.Origin}.");
        }

        (root, verdict) = (checkpoint.Root, _trust.Policy?.Check(note));
        return verdict == PolicyVerdict.BadSignature ? new Finding(CheckResult.Signature, $"The head of {head.Size} entries has a signature by a witness of the policy that is not right.") : null;
    }

    private void Accept(SignedHead head, PolicyVerdict? verdict)
    {
        (Signed, Count) = (head.Size, Count + 1);
        Witnessed = verdict == PolicyVerdict.Trusted ? head.Size : Witnessed;
    }

    private Finding? Seen(Checkpoint before, TreeHash? root) =>
        root is null ? new Finding(CheckResult.Consistency, $"The head of {before.Size} entries that was seen before cannot be compared: the file has nothing of what comes before it. Export from an earlier entry.")
        : root != before.Root ? new Finding(CheckResult.Consistency, $"At {before.Size} entries this is another history than the one that was seen before, and both are signed. Keep both: they are the evidence.")
        : null;

    private static TreeHash? RootAt(long size, CompactRange full, ReadOnlySpan<byte> leaves)
    {
        var edge = full.Copy();
        for (; edge.Size < size && !leaves.IsEmpty; leaves = leaves[TreeHash.Bytes..])
        {
            edge.Append(TreeHash.From(leaves[..TreeHash.Bytes]));
        }

        return edge.Size == size ? edge.Root() : null;
    }

    private void Advance() => _next = _heads.MoveNext() ? _heads.Current : null;
}
