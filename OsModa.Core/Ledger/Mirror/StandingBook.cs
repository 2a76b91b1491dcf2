using System.Collections.Immutable;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>How the chain of one server stands, from verdict to verdict: kept in the ledger's database, told to whoever shows it, and an entry of the ledger with each change.</summary>
internal sealed class StandingBook(Server server, LedgerStore store, TimeProvider time)
{
    private readonly WarningsBeside _beside = new();
    private readonly StandingKept _kept = new(server, store, time);

    // The mirror judges and a person accepts, each by what stands: nothing comes in between while that is written down.
    private SemaphoreSlim OneAtATime { get; } = new(1);

    /// <summary>Null: no chain was ever seen there.</summary>
    public ChainStanding? Standing => _kept.Standing;

    public ChainStanding StandingOrNew => _kept.StandingOrNew;

    /// <summary>Entries of the ledger that were written of it.</summary>
    public int Notices => _kept.Notices;

    /// <summary>Is told each standing.</summary>
    public Action<ChainStanding>? Judged
    {
        get => _kept.Judged;
        set => _kept.Judged = value;
    }

    public void Tell() => _kept.Tell();

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

    /// <summary>The server will be installed anew.</summary>
    /// <param name="until">By then.</param>
    /// <param name="by">Who says so.</param>
    public Task AnnounceAsync(DateTimeOffset until, string by) => AloneAsync(() => _kept.SaveAsync(StandingOrNew with { AnnouncedUntil = until, AnnouncedBy = by }, []));

    /// <summary>There is no database on the server any more.</summary>
    public Task GoneAsync() => AloneAsync(async () =>
    {
        if (Standing is { Copied: > 0 } standing && standing is not { Status: ChainStatus.Cut, AtId: 0 } && !standing.IsAnnounced(time.GetUtcNow()))
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
            _kept.Change(standing => standing with { FailingSince = standing.FailingSince ?? now, FailedAt = now });
        }
    }

    /// <summary>A look has come to its end.</summary>
    public void Looked()
    {
        if (Standing is { FailingSince: not null })
        {
            _kept.Change(static standing => standing with { FailingSince = null, FailedAt = null });
        }
    }

    /// <summary>So much is copied.</summary>
    public void Progress(long id, long count, long head) => _kept.Change(standing =>
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
        if (verdict.IsAnnouncedReset)
        {
            await InstalledAnewAsync(verdict, standing);
            return;
        }

        // That an event was changed says so already, and with what it was.
        var isTold = !isAnother && verdict.Status == ChainStatus.Broken && (standing.Status, standing.AtId) == (ChainStatus.Rewritten, verdict.AtId);
        var isNews = !isTold && (verdict.Status.Severity() >= ChainSeverity.Warning
            ? verdict.Status.Severity() > standing.Status.Severity() || isAnother || verdict.Status == ChainStatus.Rehashed
                || (verdict.Status == ChainStatus.Broken && (standing.Status, standing.AtId) != (verdict.Status, verdict.AtId))
            : standing.Status.Severity() < ChainSeverity.Warning && verdict.Status != standing.Status);
        if (isNews)
        {
            await SetAsync(standing with { Status = verdict.Status, AtId = verdict.AtId, Sentence = verdict.Sentence, Since = time.GetUtcNow() }, verdict.Differences);
        }
        else
        {
            if (!isTold)
            {
                await TellBesideAsync(verdict, standing);
            }

            _kept.Change(now => now with { ReadAt = time.GetUtcNow(), Sentence = verdict.Status == now.Status && verdict.AtId == now.AtId ? verdict.Sentence : now.Sentence });
        }
    });

    /// <summary>What the server shows is another chain from now on.</summary>
    public Task BeginEpochAsync() => AloneAsync(async () =>
    {
        _kept.Change(static standing => standing with { Copied = 0 });     // nothing of it is yet
        await _kept.SaveAsync(StandingOrNew with { Epoch = StandingOrNew.Epoch + 1, AcceptedTo = 0, AnnouncedUntil = null, AnnouncedBy = null }, []);
    });

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

    // What stood there wrong before stands on: an announcement says nothing of that.
    private async Task InstalledAnewAsync(ChainVerdict verdict, ChainStanding standing)
    {
        var anew = standing with { Status = ChainStatus.Verified, AtId = null, Sentence = verdict.Sentence, Since = time.GetUtcNow() };
        var notice = StandingNotice.Of(server, anew, standing.Status, [], time.GetUtcNow(), standing.AnnouncedBy);
        if (standing.Status.Severity() < ChainSeverity.Warning)
        {
            await _kept.SaveAsync(anew, [notice]);
        }
        else
        {
            await _kept.AppendAsync(notice);
        }
    }

    private async Task TellBesideAsync(ChainVerdict verdict, ChainStanding standing)
    {
        var now = time.GetUtcNow();
        if (_beside.IsNews(verdict, standing, now))
        {
            await _kept.AppendAsync(StandingNotice.Of(server, standing with { Status = verdict.Status, AtId = verdict.AtId, Sentence = verdict.Sentence }, standing.Status, verdict.Differences, now));
            _beside.Told(verdict, now);
        }
    }

    private async Task SetAsync(ChainStanding standing, ImmutableArray<FieldDifference> differences)
    {
        var before = Standing?.Status ?? ChainStatus.Unknown;
        var isSilent = standing.Status is ChainStatus.CatchingUp or ChainStatus.LastRowUnsettled || (standing.Status == before && standing.Status == ChainStatus.Verified);
        await _kept.SaveAsync(standing, isSilent ? [] : [StandingNotice.Of(server, standing, before, differences, time.GetUtcNow())]);
    }
}
