using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// Signs what has grown, at most once a second, and states once an hour that nothing has. A head is signed only after everything in it has been read back
/// from the disk and hashed again, and only when it continues the last one.
/// </summary>
public sealed class Publisher(LedgerStore store, TimeProvider time, ILogger<Publisher> log)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    /// <summary>After how long a log that could not be signed is read anew.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly Listeners<(LogName Log, SignedHead Head)> _signed = new();
    private readonly Dictionary<long, CompactRange> _checked = [];
    private readonly ConcurrentDictionary<long, (LedgerDamagedException Why, long At)> _stopped = new();

    /// <summary>Why a log is not signed at present, by its origin; empty when all is well.</summary>
    public IReadOnlyDictionary<string, string> Stopped => store.Logs().Where(name => WhyStopped(name) is not null).ToDictionary(static name => name.Origin, name => WhyStopped(name)?.Message ?? "");

    /// <summary>Why a log is not signed at present; null when all is well.</summary>
    public LedgerDamagedException? WhyStopped(LogName name) => _stopped.TryGetValue(name.Id, out var stopped) ? stopped.Why : null;

    /// <summary>Calls <paramref name="signed"/> after a head was signed and kept, on the publisher's thread: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<(LogName Log, SignedHead Head)> signed) => _signed.Add(signed);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await PublishAsync(cancellationToken);
            }
            catch (Exception e) when (LedgerRound.IsEndured(e))
            {
                log.LogError(e, "The ledgers could not be signed");
            }
        }
    }

    /// <summary>One round over all logs, the root log last.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in LedgerRound.Organisations(store, log))
        {
            // One that has just come is on the disk before it is known here: the next round has it.
            if (store.Newest(tenant) is { } name)
            {
                await PublishAsync(name, cancellationToken);
            }
        }

        if (store.Newest(LogName.Root) is { } root)
        {
            await PublishAsync(root, cancellationToken);
        }
    }

    private async Task PublishAsync(LogName name, CancellationToken cancellationToken)
    {
        var isStopped = _stopped.TryGetValue(name.Id, out var stopped);
        if (isStopped && time.GetElapsedTime(stopped.At) < Again)
        {
            return;
        }

        if (isStopped)
        {
            _checked.Remove(name.Id);    // nothing that was read before is believed
        }

        try
        {
            if (await SignAsync(name) is { } head)
            {
                _stopped.TryRemove(name.Id, out _);
                _signed.Tell((name, head));
                if (name.Tenant != LogName.Root)
                {
                    await TellRootAsync(name, head, cancellationToken);
                }
            }
        }
        catch (LedgerDamagedException e) when (e is not LedgerUnavailableException)
        {
            Stop(name, e);
        }
        catch (Exception e) when (LedgerRound.IsEndured(e))
        {
            // The guard's, the key's or the database's file, as a rule: nothing was signed, and the next round tries again.
            log.LogError(e, "The ledger {Origin} could not be signed", name.Origin);
        }
    }

    // A root log that may not be written is its own trouble, not the organisation's.
    private async Task TellRootAsync(LogName name, SignedHead head, CancellationToken cancellationToken)
    {
        try
        {
            await store.AppendAsync(LogName.Root, [HeadRecord(name, head)], cancellationToken);
        }
        catch (LedgerDamagedException e) when (e is not LedgerUnavailableException && store.Newest(LogName.Root) is { } root)
        {
            Stop(root, e);
        }
    }

    private void Stop(LogName name, LedgerDamagedException why)
    {
        if (WhyStopped(name)?.Message != why.Message)
        {
            log.LogCritical(why, "The ledger {Origin} is not signed any more", name.Origin);
        }

        _stopped[name.Id] = (why, time.GetTimestamp());
    }

    private async Task<SignedHead?> SignAsync(LogName name)
    {
        using var reader = store.Open(name);
        var newest = reader.NewestCheckpoint();
        if (newest?.Size == reader.Size)
        {
            if (time.GetUtcNow() - newest.SignedAt >= Silence)
            {
                await store.AppendAsync(name.Tenant, [NewRecord.Of(RecordKind.Heartbeat, new ActionBody { Verb = "ledger.heartbeat" }, name.Tenant, time.GetUtcNow())], CancellationToken.None);
            }

            return null;
        }

        var change = reader.LastKeyChange();
        using var key = store.Keys.Signer(name, change?.New);
        var chain = KeyChain.Of(name.Origin, store.Keys.Known(name).Add(key.Verifier), reader.KeyChanges());
        var edge = ReadBack.Run(reader, _checked.TryGetValue(name.Id, out var known) ? known : ReadBack.Begin(reader, newest, chain));
        var head = new Checkpoint(name.Origin, edge.Size, edge.Root());
        DemandContinues(reader, name, head);
        var signed = new SignedHead(head.Size, SignedNote.Sign(head.ToString(), key).ToString(), time.GetUtcNow());

        // What the guard does not have is not shown to anybody: it is first.
        store.Guard.Write(name, head, signed.SignedAt);
        await store.RunAsync(group => group.Connection.Run(
            "INSERT INTO checkpoint(log, size, body, signed_at) VALUES(?1, ?2, ?3, ?4)", name.Id, signed.Size, signed.Text, signed.SignedAt.ToUnixTimeMilliseconds()));
        _checked[name.Id] = edge;
        Retire(name, reader.KeyChanges());
        return signed;
    }

    // After each signature: whatever kept one from being deleted, it does not stay for ever.
    private void Retire(LogName name, IReadOnlyList<KeyChange> changes)
    {
        try
        {
            store.Keys.Retire(name, [.. changes.Select(static change => change.New)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError(e, "The key that {Origin} was signed with before could not be deleted", name.Origin);
        }
    }

    private void DemandContinues(LogReader reader, LogName name, Checkpoint head)
    {
        if (store.Guard.Read(name) is { } before
            && (before.Size > head.Size || !Consistency.Verify(before.Size, before.Root, head.Size, head.Root, Consistency.Prove(reader.Subtrees(head.Size), before.Size, head.Size))))
        {
            throw new ForkGuardException(name, head.Size, before, $"The ledger {name.Origin} does not continue what was signed at {before.Size} entries.");
        }
    }

    private NewRecord HeadRecord(LogName name, SignedHead head) => NewRecord.Of(
        RecordKind.Head,
        new ActionBody { Verb = "ledger.head", Text = head.Text, Details = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("origin", name.Origin) },
        name.Tenant,
        time.GetUtcNow());
}
