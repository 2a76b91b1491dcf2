using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
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
        _ => queries.Page(tenant, new LedgerFilter { Type = Verb }, null, 1).Lines is [{ Action: { } action } line] ? new NightlyResult(line.ReceivedAt, line.Type == Good, action.Text) : null);

    /// <summary>Checks the ledgers that were not checked since it became night.</summary>
    public async Task CheckDueAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var night = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + Hour is var today && today <= now ? today : today - TimeSpan.FromDays(1);
        foreach (var tenant in store.Logs().Select(static name => name.Tenant).Distinct().ToList())
        {
            try
            {
                if (LastOrBeginning(tenant) < night)
                {
                    await CheckAsync(tenant, stop);
                }
            }
            catch (Exception e) when (e is LedgerDamagedException or DbException or IOException)
            {
                _results[tenant] = new NightlyResult(now, false, e.Message);
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

        await store.AppendAsync(tenant, [Notice(tenant, result, reports.ConvertAll(static one => one.Report), took)], stop);
    }

    // What the guard has is read first: more may be signed while the log is read.
    private CheckReport Whole(LogName name, List<LogName> all, CancellationToken stop)
    {
        var signed = store.Guard.Read(name);
        using var reader = store.Open(name);
        return DatabaseCheck.Whole(reader, new LogTrust([.. store.Keys.Known(name)]), EpochEnd.Of(name, all, store.Open), signed, null, stop);
    }

    // A ledger that was never checked is young and waits for its first night, unless not even its beginning can be read.
    private DateTimeOffset LastOrBeginning(Guid tenant)
    {
        if (Of(tenant) is { } last)
        {
            return last.At;
        }

        var first = queries.Epochs(tenant)[^1];
        return queries.Entry(tenant, queries.State(tenant, first.Epoch)!.First, first.Epoch)?.Line.ReceivedAt ?? DateTimeOffset.MinValue;
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
