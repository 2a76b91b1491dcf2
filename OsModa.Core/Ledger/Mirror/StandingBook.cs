using System.Collections.Immutable;
using System.Globalization;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>How the chain of one server stands, from verdict to verdict: kept in the ledger's database, told to whoever shows it, and an entry of the ledger with each change.</summary>
internal sealed class StandingBook(Server server, LedgerStore store, TimeProvider time)
{
    private const int DifferencesTold = 20;

    /// <summary>What a server does again and again must not fill the ledger: beside another, a warning of a kind is written at most this often.</summary>
    private static readonly TimeSpan BesidePause = TimeSpan.FromHours(1);

    private readonly Dictionary<ChainStatus, (long? AtId, DateTimeOffset At)> _beside = [];
    private readonly Lock _changing = new();

    // The mirror judges and a person accepts, each by what stands: nothing comes in between while that is written down.
    private SemaphoreSlim OneAtATime { get; } = new(1);

    /// <summary>Null: no chain was ever seen there.</summary>
    public ChainStanding? Standing { get; private set; } = ChainStanding.Load(store, server.Id.Value);

    public ChainStanding StandingOrNew => Standing ?? new ChainStanding(ChainStatus.Unknown, null, "", time.GetUtcNow());

    /// <summary>Entries of the ledger that were written of it.</summary>
    public int Notices { get; private set; }

    /// <summary>Is told each standing.</summary>
    public Action<ChainStanding>? Judged { get; set; }

    public void Tell()
    {
        if (Standing is { } standing)
        {
            Judged?.Invoke(standing);
        }
    }

    /// <summary>A person has seen to what is wrong: it is not shown any more, and stays in the ledger.</summary>
    /// <param name="entry">Number of the entry that says what the person has seen.</param>
    /// <returns>False: something else stands there by now, which nobody has seen.</returns>
    public async Task<bool> AcceptAsync(long? entry)
    {
        var isSeen = false;
        await AloneAsync(async () =>
        {
            if (Standing is { } standing && standing.Entry == entry)
            {
                isSeen = true;
                _beside.Clear();
                await SetAsync(standing with { Status = ChainStatus.Verified, AtId = null, Sentence = $"{standing.Copied} events. What was wrong before was accepted by a person.", Since = time.GetUtcNow(), AcceptedTo = Math.Max(standing.AcceptedTo, standing.Head) }, []);
            }
        });
        return isSeen;
    }

    /// <summary>There is no database on the server any more.</summary>
    public Task GoneAsync() => AloneAsync(async () =>
    {
        if (Standing is { Copied: > 0 } standing && standing is not { Status: ChainStatus.Cut, AtId: 0 })
        {
            await SetAsync(standing with { Status = ChainStatus.Cut, AtId = 0, Sentence = $"The server's own ledger is gone: {standing.Copied} events were there.", Since = time.GetUtcNow() }, []);
        }
    });

    /// <summary>What is there cannot be read as a chain.</summary>
    public Task ForeignAsync(string why) => AloneAsync(() => SetAsync(StandingOrNew with { Status = ChainStatus.Broken, AtId = null, Sentence = why, Since = time.GetUtcNow() }, []));

    /// <summary>A look came to nothing: what stands there is of an earlier one.</summary>
    public void Failed()
    {
        if (Standing is not null)
        {
            var now = time.GetUtcNow();
            Change(standing => standing with { FailingSince = standing.FailingSince ?? now, FailedAt = now });
        }
    }

    /// <summary>A look has come to its end.</summary>
    public void Looked()
    {
        if (Standing is { FailingSince: not null })
        {
            Change(static standing => standing with { FailingSince = null, FailedAt = null });
        }
    }

    /// <summary>So much is copied.</summary>
    public void Progress(long id, long count, long head) => Change(standing =>
    {
        var isBehind = standing.Status.Severity() < ChainSeverity.Warning && id < head;
        return standing with
        {
            Copied = count,
            Head = head,
            ReadAt = time.GetUtcNow(),
            FailingSince = null,
            FailedAt = null,
            Status = isBehind && standing.Status != ChainStatus.Slowed ? ChainStatus.CatchingUp : standing.Status,
            Sentence = isBehind && standing.Status != ChainStatus.Slowed ? $"Copied up to event {id} of {head}." : standing.Sentence,
        };
    });

    /// <summary>
    /// A warning or alarm stays until there is a worse one, or a person has seen to it; what comes meanwhile is an entry of the ledger beside it. That an event does not verify is told whatever
    /// else stands there.
    /// </summary>
    public Task JudgedAsync(ChainVerdict verdict, bool isAnother) => AloneAsync(async () =>
    {
        var standing = StandingOrNew;
        var isNews = verdict.Status.Severity() >= ChainSeverity.Warning
            ? verdict.Status.Severity() > standing.Status.Severity() || isAnother || verdict.Status == ChainStatus.Rehashed
                || (verdict.Status == ChainStatus.Broken && (standing.Status, standing.AtId) != (verdict.Status, verdict.AtId))
            : standing.Status.Severity() < ChainSeverity.Warning && verdict.Status != standing.Status;
        if (isNews)
        {
            await SetAsync(standing with { Status = verdict.Status, AtId = verdict.AtId, Sentence = verdict.Sentence, Since = time.GetUtcNow() }, verdict.Differences);
        }
        else
        {
            await TellBesideAsync(verdict, standing);
            Change(now => now with { ReadAt = time.GetUtcNow(), Sentence = verdict.Status == now.Status && verdict.AtId == now.AtId ? verdict.Sentence : now.Sentence });
        }
    });

    /// <summary>What the server shows is another chain from now on.</summary>
    public Task BeginEpochAsync() => AloneAsync(() => SaveAsync(StandingOrNew with { Epoch = StandingOrNew.Epoch + 1, AcceptedTo = 0 }, []));

    private async Task AloneAsync(Func<Task> act)
    {
        await OneAtATime.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private void Change(Func<ChainStanding, ChainStanding> change)
    {
        lock (_changing)
        {
            Standing = change(StandingOrNew);
        }

        Tell();
    }

    private async Task TellBesideAsync(ChainVerdict verdict, ChainStanding standing)
    {
        var now = time.GetUtcNow();
        if (verdict.Status.Severity() < ChainSeverity.Warning || (verdict.Status, verdict.AtId) == (standing.Status, standing.AtId)
            || (_beside.TryGetValue(verdict.Status, out var last) && (last.AtId == verdict.AtId || now - last.At < BesidePause)))
        {
            return;
        }

        Notices++;
        await store.AppendAsync(server.OrganisationId, [Notice(standing with { Status = verdict.Status, AtId = verdict.AtId, Sentence = verdict.Sentence }, standing.Status, verdict.Differences)], CancellationToken.None);
        _beside[verdict.Status] = (verdict.AtId, now);
    }

    private async Task SetAsync(ChainStanding standing, ImmutableArray<FieldDifference> differences)
    {
        var before = Standing?.Status ?? ChainStatus.Unknown;
        var isSilent = standing.Status is ChainStatus.CatchingUp or ChainStatus.LastRowUnsettled || (standing.Status == before && standing.Status == ChainStatus.Verified);
        await SaveAsync(standing, isSilent ? [] : [Notice(standing, before, differences)]);
    }

    private async Task SaveAsync(ChainStanding standing, IReadOnlyList<NewRecord> notice)
    {
        Notices += notice.Count;
        var numbers = await store.AppendAsync(server.OrganisationId, notice, group => standing.Save(group, server.Id.Value), CancellationToken.None);
        if (numbers is [var number])
        {
            standing = standing with { Entry = number };
            await store.RunAsync(group => standing.Save(group, server.Id.Value));
        }

        // How far it is copied goes on meanwhile.
        Change(now => standing with { Copied = now.Copied, Head = now.Head, ReadAt = now.ReadAt, FailingSince = now.FailingSince, FailedAt = now.FailedAt });
    }

    private NewRecord Notice(ChainStanding standing, ChainStatus before, ImmutableArray<FieldDifference> differences)
    {
        var details = LedgerVerbs.Details(
            ("status", standing.Status.ToString()), ("was", before.ToString()), ("event", standing.AtId?.ToString(CultureInfo.InvariantCulture)),
            ("epoch", standing.Epoch.ToString(CultureInfo.InvariantCulture)), ("source", "chain of the server"));
        foreach (var (index, difference) in differences.Take(DifferencesTold).Index())
        {
            details = details.SetItem($"difference{index + 1:00}", $"event {difference.Id}, {difference.Field}: “{Short(difference.Was)}” became “{Short(difference.Is)}”");
        }

        return NewRecord.Salted(
            RecordKind.Notice,
            new ActionBody { Verb = HostVerbs.ChainStatus, Server = server.Id.Value, Text = standing.Sentence, Details = details },
            server.Id.Value,
            time.GetUtcNow());
    }

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;
}
