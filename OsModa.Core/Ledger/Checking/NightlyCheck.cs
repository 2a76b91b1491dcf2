using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Checking;

/// <summary>What came of the last check of everything that an organisation's ledger has.</summary>
/// <param name="At">When it was over.</param>
/// <param name="IsGood">Every log verifies.</param>
/// <param name="Sentence">For people.</param>
public sealed record NightlyResult(DateTimeOffset At, bool IsGood, string Sentence);

/// <summary>
/// Once a night every log of every organisation, ended epochs too, is read from its first entry to its last, with the servers' chains in it and the index, and held against what was signed. What came of it is an
/// entry of the ledger. It runs on a thread of its own behind everything else.
/// </summary>
public sealed class NightlyCheck(LedgerStore store, LedgerQueries queries, TimeProvider time, ILogger<NightlyCheck> log)
{
    public const string Verb = "ledger.verify";
    public const string Good = Verb + "-done";
    public const string Bad = Verb + "-failed";

    /// <summary>When it is night, UTC.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(3);

    public static readonly TimeSpan Look = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, NightlyResult?> _results = new();

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look, time);
        do
        {
            await CheckDueAsync(stop);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    /// <summary>What came of the last one of an organisation, also before the dashboard was started; null when there was none yet.</summary>
    public NightlyResult? Of(Guid tenant) => _results.GetOrAdd(
        tenant,
        _ => queries.Newest(tenant, new LedgerFilter { Kind = RecordKind.Notice, Type = Verb }) is { Action: { } action } line ? new NightlyResult(line.ReceivedAt, line.Type == Good, action.Text) : null);

    /// <summary>Checks the ledgers that were not checked since it became night.</summary>
    public async Task CheckDueAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var night = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + Hour is var today && today <= now ? today : today - TimeSpan.FromDays(1);
        foreach (var tenant in LedgerRound.Logs(store, log).Select(static name => name.Tenant).Distinct().ToList())
        {
            try
            {
                // A time that is still to come is of a clock that was wrong once.
                if (LastOrBeginning(tenant) is var last && (last < night || last > now + Look))
                {
                    await CheckAsync(tenant, stop);
                }
            }
            catch (Exception e) when (LedgerRound.IsEndured(e))
            {
                // That says nothing of the ledger: it is tried again at the next look.
                log.LogCritical(e, "The ledger of {Organisation} could not be checked", tenant);
            }
        }
    }

    private async Task CheckAsync(Guid tenant, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var logs = store.Logs().Where(name => name.Tenant == tenant).ToList();
        var reports = await BackgroundThread.RunAsync(() => logs.ConvertAll(name => (name.Origin, Report: Whole(name, logs, stop))), stop);
        var took = time.GetElapsedTime(began);
        var wrong = reports.Where(static one => one.Report.Result != CheckResult.Ok).ToList();
        var result = new NightlyResult(time.GetUtcNow(), wrong.Count == 0, wrong.Count == 0 ? Sentence(reports.ConvertAll(static one => one.Report), took) : string.Join(' ', wrong.Select(static one => $"{one.Origin}: {one.Report.Sentence}")));
        _results[tenant] = result;
        if (!result.IsGood)
        {
            log.LogCritical("The ledger does not verify. {Why}", result.Sentence);
        }

        try
        {
            await store.AppendAsync(tenant, [Notice(tenant, result, reports.ConvertAll(static one => one.Report), took)], stop);
        }
        catch (LedgerDamagedException e)
        {
            log.LogError(e, "What came of checking the ledger of {Organisation} could not be written into it", tenant);
        }
    }

    // What the guard has is read before the log: more may be signed while that is read.
    private CheckReport Whole(LogName name, List<LogName> all, CancellationToken stop) => DatabaseCheck.Alone(name.Origin, () =>
    {
        var end = EpochEnd.Of(name, all, store.Open);
        var signed = EpochEnd.Guarded(end, () => store.Guard.Read(name));
        using var reader = store.Open(name);
        return DatabaseCheck.Whole(reader, new LogTrust([.. store.Keys.Known(name)]), end, signed, null, stop);
    });

    // A ledger that was never checked is young and waits for its first night, unless not even its beginning can be read.
    private DateTimeOffset LastOrBeginning(Guid tenant)
    {
        try
        {
            if (Of(tenant) is { } last)
            {
                return last.At;
            }

            var first = queries.Epochs(tenant)[^1];
            return queries.Entry(tenant, queries.State(tenant, first.Epoch)!.First, first.Epoch)?.Line.ReceivedAt ?? DateTimeOffset.MinValue;
        }
        catch (LedgerDamagedException)
        {
            return DateTimeOffset.MinValue;
        }
    }

    private NewRecord Notice(Guid tenant, NightlyResult result, List<CheckReport> reports, TimeSpan took) => NewRecord.Of(
        RecordKind.Notice,
        new ActionBody
        {
            Verb = result.IsGood ? Good : Bad,
            Who = LedgerActor.Dashboard(tenant).Name,
            Text = result.Sentence,
            Details = Details(reports, took),
        },
        tenant,
        result.At);

    private static ImmutableSortedDictionary<string, string> Details(List<CheckReport> reports, TimeSpan took)
    {
        var chains = reports.SelectMany(static report => report.Chains).ToList();
        return LedgerVerbs.Details(
            ("logs", Number(reports.Count)), ("entries", Number(reports.Sum(static report => report.Entries))), ("heads", Number(reports.Sum(static report => report.Heads))),
            ("chains", Number(chains.Count)), ("events", Number(chains.Sum(static chain => chain.Events))), ("chainsThatDoNotVerify", Number(chains.Count(static chain => chain.FirstBroken is not null))),
            ("seconds", took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)));
    }

    private static string Sentence(List<CheckReport> reports, TimeSpan took)
    {
        var chains = reports.SelectMany(static report => report.Chains).ToList();
        var broken = chains.Count(static chain => chain.FirstBroken is not null);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"All {reports.Sum(static report => report.Entries):N0} entries{(reports.Count > 1 ? $" of {reports.Count} epochs" : "")} verify{(chains.Count == 0 ? "" : $", with {chains.Sum(static chain => chain.Events):N0} events of servers' own ledgers")}{(broken == 0 ? "" : $"; {broken} of those had events that do not verify when they were copied")}. It took {took.TotalSeconds:0.0} s.");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
