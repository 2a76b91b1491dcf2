using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger;

/// <summary>Drops what is older than the setting <c>Ledger:KeepDays</c> says, in portions of 256 entries; without it everything is kept. Logs of ended epochs are kept whole: nothing can be written to them.</summary>
public sealed class Retention(LedgerStore store, LedgerSettings settings, TimeProvider time, ILogger<Retention> log)
{
    public static readonly TimeSpan Round = TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken stop)
    {
        if (settings.KeepFor is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(Round, time);
        do
        {
            await DropAsync(stop);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    /// <summary>One round over all organisations' logs.</summary>
    public async Task DropAsync(CancellationToken stop)
    {
        foreach (var tenant in LedgerRound.Organisations(store, log))
        {
            try
            {
                while (await DropAsync(tenant) is not null)
                {
                    stop.ThrowIfCancellationRequested();
                    store.TellGrown(tenant);
                }
            }
            catch (Exception e) when (LedgerRound.IsEndured(e))
            {
                log.LogError(e, "What is old is not dropped from the ledger of {Organisation}", tenant);
            }
        }
    }

    private async Task<long?> DropAsync(Guid tenant)
    {
        if (settings.KeepFor is not { } keep)
        {
            return null;
        }

        long? first = null;
        var who = new ActionBody { Verb = "", Who = "osModa Dashboard", Text = $"Entries are kept for {keep.TotalDays:0} days." };
        await store.RunAsync(group => first = Dropping.Run(group, tenant, time.GetUtcNow() - keep, who, time.GetUtcNow()));
        return first;
    }
}
