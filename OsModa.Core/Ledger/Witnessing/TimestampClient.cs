using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>Has the newest signed head of each organisation's ledger time-stamped, once a day as a rule, and keeps what the authority signed, with an entry that says so. One that fails is tried again: after a minute, then more and more seldom.</summary>
public sealed class TimestampClient(LedgerStore store, TimestampSettings settings, HttpClient http, TimeProvider time, ILogger<TimestampClient> log)
{
    /// <summary>A notice that a head was stamped, with what is to be found again beside the log.</summary>
    public const string Stamped = "ledger.time-stamped";

    /// <summary>Clocks of the authority and of this machine may differ by so much.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    internal const string NothingSigned = "Nothing is signed yet. The first signature follows within a second or two.";
    internal const string StampedAlready = "The newest signed state is time-stamped already.";
    internal const string OtherEpoch = "The ledger began a new epoch meanwhile.";
    private const string NotReached = "It cannot be reached.";
    private const string NotRead = "It was not asked, because the ledger could not be read or written for that. The log of the dashboard says why.";
    private const int MostDoublings = 6;    // about an hour

    private readonly TimestampAuthority _authority = new(http, time);
    private readonly ConcurrentDictionary<long, Failing> _failing = new();

    /// <summary>The settings name an authority.</summary>
    public bool IsWanted => settings.Url is not null;

    /// <summary>Why the last attempt for a log came to nothing; null when it did not.</summary>
    internal string? TroubleOf(LogName name) => _failing.TryGetValue(name.Id, out var failing) ? failing.Why : null;

    public async Task RunAsync(CancellationToken stop)
    {
        if (settings.Url is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(Look, time);
        do
        {
            await StampDueAsync(stop);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    /// <summary>One round over all organisations.</summary>
    public async Task StampDueAsync(CancellationToken stop)
    {
        foreach (var tenant in LedgerRound.Organisations(store, log))
        {
            if (store.Newest(tenant) is { } name && IsDue(name))
            {
                await StampAsync(name, stop);
            }
        }
    }

    /// <summary>The newest signed head of an organisation, now.</summary>
    /// <returns>Why nothing came of it; null when it is stamped and kept.</returns>
    public async Task<string?> StampAsync(Guid tenant, CancellationToken stop) =>
        settings.Url is null ? "No time-stamping authority is configured: its address goes into the setting Ledger:Timestamps:Url."
        : store.Newest(tenant) is { } name ? await StampAsync(name, stop)
        : NothingSigned;

    private async Task<string?> StampAsync(LogName name, CancellationToken stop)
    {
        string? why;
        try
        {
            why = await AskAsync(name, stop);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            why = e is OperationCanceledException ? $"It did not answer within {TimestampAuthority.Patience.TotalSeconds:0} seconds." : NotReached;
            log.LogInformation(e, "The time-stamping authority {Authority} did not answer", settings.Name);
        }
        catch (Exception e) when (LedgerRound.IsEndured(e))
        {
            why = NotRead;
            log.LogError(e, "{Origin} was not time-stamped", name.Origin);
        }

        Note(name, why);
        return why;
    }

    private void Note(LogName name, string? why)
    {
        if (why is null or NothingSigned or StampedAlready or OtherEpoch)
        {
            _failing.TryRemove(name.Id, out _);
            return;
        }

        if (TroubleOf(name) != why)
        {
            log.LogWarning("{Origin} was not time-stamped by {Authority}: {Why}", name.Origin, settings.Name, why);
        }

        _failing.AddOrUpdate(name.Id, _ => new Failing(why, 1, time.GetTimestamp()), (_, before) => new Failing(why, before.Times + 1, time.GetTimestamp()));
    }

    private bool IsDue(LogName name)
    {
        try
        {
            if (_failing.TryGetValue(name.Id, out var failing) && time.GetElapsedTime(failing.At) < Look * (1 << Math.Min(failing.Times - 1, MostDoublings)))
            {
                return false;
            }

            using var reader = store.Open(name);
            var (last, now) = (reader.NewestTimestamp(), time.GetUtcNow());
            // A time that is still to come is of a clock that was wrong once.
            return reader.NewestCheckpoint() is { } head && (last is null || (last.Size < head.Size && (now - last.At >= settings.Every || last.At > now + Tolerance)));
        }
        catch (Exception e) when (LedgerRound.IsEndured(e))
        {
            log.LogError(e, "It cannot be read when {Origin} was time-stamped last", name.Origin);
            return false;
        }
    }

    private async Task<string?> AskAsync(LogName name, CancellationToken stop)
    {
        SignedHead? head;
        using (var reader = store.Open(name))
        {
            head = reader.NewestCheckpoint();
            if (head is not null && reader.NewestTimestamp()?.Size >= head.Size)
            {
                return StampedAlready;
            }
        }

        if (head?.Note is not { } signed)
        {
            return NothingSigned;
        }

        // The log's own signature alone: witnesses add theirs when they come to it.
        var note = (signed with { Signatures = signed.Signatures[..1] }).ToString();
        var bytes = Encoding.UTF8.GetBytes(note);
        var (token, why) = await _authority.AskAsync(settings.Url!, bytes, stop);
        if (why is not null)
        {
            return why;
        }

        var verdict = TimestampCheck.Check(token, bytes, settings.Roots);
        return verdict.Wrong is { } wrong ? $"What it answered does not verify. {wrong}"
            : verdict.Distrusted is { } distrusted ? $"It is not believed. {distrusted}"
            : verdict.At < head.SignedAt - Tolerance ? $"It says that it was {verdict.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, which is before the ledger was signed. One of the two clocks is wrong."
            : verdict.At > time.GetUtcNow() + Tolerance ? $"It says that it was {verdict.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, which is still to come here. One of the two clocks is wrong."
            : await KeepAsync(name, new KeptTimestamp(head.Size, settings.Name, note, token.ToArray(), verdict.At, 0));
    }

    // In the writer's turn: of two who had the same head stamped, the first one's counts.
    private async Task<string?> KeepAsync(LogName name, KeptTimestamp kept)
    {
        string? why = null;
        await store.RunAsync(group =>
        {
            if (group.Change(name.Tenant).Name.Id != name.Id)
            {
                why = OtherEpoch;
            }
            else if (!(KeptTimestamp.Newest(group.Connection, name.Id)?.Size >= kept.Size))
            {
                group.Append(name.Tenant, (_, seq) =>
                {
                    (kept with { Entry = seq }).Insert(group.Connection, name.Id);
                    return NewRecord.Of(RecordKind.Notice, Say(kept, name.Tenant), name.Tenant, time.GetUtcNow());
                });
            }
        });
        store.TellGrown(name.Tenant);
        return why;
    }

    private static ActionBody Say(KeptTimestamp kept, Guid tenant) => new()
    {
        Verb = Stamped,
        Who = LedgerActor.Dashboard(tenant).Name,
        Text = $"{kept.Authority} put the time {kept.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z under the signed state of {kept.Size} entries.",
        Details = TimestampEntry.Details(kept),
    };

    private sealed record Failing(string Why, int Times, long At);
}
