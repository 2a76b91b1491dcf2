using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>What a witness answers, as HTTP says it.</summary>
/// <param name="Status">200, 400, 403, 404, 409, 422 or 503.</param>
/// <param name="Body">The cosignature; the size that is known; or why not.</param>
public sealed record WitnessAnswer(int Status, string Body)
{
    /// <summary>Media type of a 409.</summary>
    public const string SizeType = "text/x.tlog.size";
}

/// <summary>
/// Cosigns heads of logs of others, so that one dashboard can vouch for another (C2SP tlog-witness): only those whose keys an operator has named, and of each only one history. What was
/// cosigned is on the disk before it is answered, and compared and kept in one step: in the ledger's database, and in the guard folder, which no restore of that takes back.
/// </summary>
public sealed class Witness(LedgerStore store, WitnessSettings settings, LedgerSettings ledger, TimeProvider time, ILogger<Witness> log)
{
    private readonly string _guardFolder = Path.Combine(ledger.GuardFolder, "witnessed");
    private readonly ForkGuard _guard = new(Path.Combine(ledger.GuardFolder, "witnessed"));
    private readonly Lock _making = new();

    /// <summary>Others configure this to believe what is cosigned here.</summary>
    /// <exception cref="LedgerDamagedException">It is broken, missing, or open to others.</exception>
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

        try
        {
            // Before the writer's turn, where what is wrong with the key would be in the way of others.
            using var key = Signer();
            WitnessAnswer answer = null!;
            await store.RunAsync(group => answer = Decide(group, request, head, key));
            return answer;
        }
        catch (Exception e) when (IsTrouble(e))
        {
            return NotNow(head, e);
        }
    }

    // In the turn of the ledger's one writer: nobody else compares or keeps in between.
    private WitnessAnswer Decide(LedgerGroup group, AddCheckpoint request, Checkpoint head, SignerKey key)
    {
        // Not the name of a log of ours, and in a folder where none is looked for.
        var name = new LogName(0, head.Origin, LogName.Root, 1);
        var now = time.GetUtcNow();
        try
        {
            var known = Known(group, name);
            if (request.OldSize != known.Size)
            {
                return new WitnessAnswer(409, $"{known.Size}\n");
            }

            // Equal sizes with different roots are a fork, of which there is no proof.
            if (!Consistency.Verify(known.Size, known.Root, head.Size, head.Root, request.Proof.AsSpan()))
            {
                return new WitnessAnswer(422, "The checkpoint does not continue the one that was cosigned before.\n");
            }

            DurableFolder.Make(ledger.GuardFolder);
            _guard.Write(name, head, now);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            return NotNow(head, e);     // nothing was changed: what others have in this turn of the writer is none the worse for it
        }

        group.Connection.Run(
            "INSERT INTO witnessed(origin, size, root, t) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET size = excluded.size, root = excluded.root, t = excluded.t",
            head.Origin, head.Size, head.Root.ToArray(), now.ToUnixTimeSeconds());
        return new WitnessAnswer(200, key.Cosign(request.Note.Text, now).Line + "\n");
    }

    // The later of what the two remember: a database may have been put back, a guard folder lost.
    private (long Size, TreeHash Root) Known(LedgerGroup group, LogName name)
    {
        var kept = group.Connection.List(static row => (Size: row.GetInt64(0), Root: TreeHash.From(row.Blob(1))), "SELECT size, root FROM witnessed WHERE origin = ?1", name.Origin)
            is [var last] ? last : (Size: 0, Root: Sha256.EmptyRoot);
        return _guard.Read(name) is { } guarded && guarded.Size > kept.Size ? (guarded.Size, guarded.Root) : kept;
    }

    private SignerKey Signer()
    {
        lock (_making)
        {
            return store.Keys.LoadOrMakeWitness($"{ledger.Host}/witness", _guardFolder, !_guard.IsEmpty);
        }
    }

    private static bool IsTrouble(Exception e) => e is LedgerDamagedException or IOException or UnauthorizedAccessException;

    private WitnessAnswer NotNow(Checkpoint head, Exception e)
    {
        log.LogError(e, "A head of {Origin} could not be cosigned", head.Origin);
        return new WitnessAnswer(503, "This witness cannot cosign now; the log of its dashboard has why.\n");
    }
}
