using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>What a witness answers, as HTTP says it.</summary>
/// <param name="Status">200, 400, 403, 404, 409 or 422.</param>
/// <param name="Body">The cosignature; the size that is known; or why not.</param>
public sealed record WitnessAnswer(int Status, string Body)
{
    /// <summary>Media type of a 409.</summary>
    public const string SizeType = "text/x.tlog.size";
}

/// <summary>
/// Cosigns heads of logs of others, so that one dashboard can vouch for another (C2SP tlog-witness): only those whose keys an operator has named, and of each only one history. What was
/// cosigned is on the disk before it is answered, and compared and kept in one step.
/// </summary>
public sealed class Witness(LedgerStore store, WitnessSettings settings, LedgerSettings ledger, TimeProvider time)
{
    /// <summary>Others configure this to believe what is cosigned here.</summary>
    public VerifierKey Key
    {
        get
        {
            using var key = Signer();
            return key.WitnessVerifier;
        }
    }

    /// <summary>Keys of logs that are witnessed here.</summary>
    public IReadOnlyList<VerifierKey> Logs => settings.Logs;

    public async Task<WitnessAnswer> RunAsync(ReadOnlyMemory<byte> body)
    {
        if (!AddCheckpoint.TryParse(body.Span, out var request))
        {
            return new WitnessAnswer(400, "This is no request of C2SP tlog-witness: 'old N', lines of a proof, an empty line, a signed checkpoint.\n");
        }

        if (!Checkpoint.TryParse(request.Note.Text, out var head))
        {
            return new WitnessAnswer(400, "The note is no checkpoint.\n");
        }

        var keys = settings.Logs.Where(key => key.Name == head.Origin).ToList();
        if (keys.Count == 0)
        {
            return new WitnessAnswer(404, "The log is not known to this witness.\n");
        }

        if (request.Note.Check(keys) is not { Length: > 0 })
        {
            return new WitnessAnswer(403, "The log has not signed this checkpoint with a key that is known to this witness.\n");
        }

        if (request.OldSize > head.Size)
        {
            return new WitnessAnswer(400, "The old size is larger than that of the checkpoint.\n");
        }

        WitnessAnswer answer = null!;
        await store.RunAsync(group => answer = Decide(group, request, head));
        return answer;
    }

    // In the turn of the ledger's one writer: nobody else compares or keeps in between.
    private WitnessAnswer Decide(LedgerGroup group, AddCheckpoint request, Checkpoint head)
    {
        var known = group.Connection.List(static row => (Size: row.GetInt64(0), Root: TreeHash.From(row.Blob(1))), "SELECT size, root FROM witnessed WHERE origin = ?1", head.Origin)
            is [var last] ? last : (Size: 0, Root: Sha256.EmptyRoot);
        if (request.OldSize != known.Size)
        {
            return new WitnessAnswer(409, $"{known.Size}\n");
        }

        // Equal sizes with different roots are a fork, of which there is no proof.
        if (!Consistency.Verify(known.Size, known.Root, head.Size, head.Root, request.Proof.AsSpan()))
        {
            return new WitnessAnswer(422, "The checkpoint does not continue the one that was cosigned before.\n");
        }

        using var key = Signer();
        var now = time.GetUtcNow();
        group.Connection.Run(
            "INSERT INTO witnessed(origin, size, root, t) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET size = excluded.size, root = excluded.root, t = excluded.t",
            head.Origin, head.Size, head.Root.ToArray(), now.ToUnixTimeSeconds());
        return new WitnessAnswer(200, key.Cosign(request.Note.Text, now).Line + "\n");
    }

    private SignerKey Signer() => store.Keys.LoadOrMake($"{ledger.Host}/witness");
}
