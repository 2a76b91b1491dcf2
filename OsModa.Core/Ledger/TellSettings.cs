using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Core.Ledger;

/// <summary>
/// What the operator of the machine decides about the ledger stands in files that no page changes: how long entries are kept, who witnesses, where the guard is. When the dashboard starts with others than it had, each
/// organisation's ledger says so, with what they were.
/// </summary>
public sealed class TellSettings(LedgerStore store, LedgerQueries queries, LedgerWriter ledger, LedgerSettings settings, WitnessSettings witnesses, TimestampSettings timestamps, ILogger<TellSettings> log)
{
    public const string Verb = "settings.change";

    private const string Was = ".was";
    private static readonly string[] Private = ["guardFolder", "backupFolder", "witnessFor"];

    public async Task RunAsync()
    {
        var now = Now();
        foreach (var tenant in LedgerRound.Organisations(store, log))
        {
            try
            {
                await TellAsync(tenant, now);
            }
            catch (Exception e) when (LedgerRound.IsEndured(e))
            {
                log.LogError(e, "The ledger of {Organisation} does not say which settings it is kept by", tenant);
            }
        }
    }

    private Task TellAsync(Guid tenant, ImmutableSortedDictionary<string, string> now)
    {
        var last = queries.Newest(tenant, new LedgerFilter { Kind = RecordKind.Notice, Type = Verb }) is { Action.Details: var told } ? Shared(told.RemoveRange(told.Keys.Where(static name => name.EndsWith(Was, StringComparison.Ordinal)))) : null;
        var changed = last is null ? [] : now.Keys.Union(last.Keys).Where(name => now.GetValueOrDefault(name) != last.GetValueOrDefault(name)).Order(StringComparer.Ordinal).ToList();
        if (last is not null && changed.Count == 0)
        {
            return Task.CompletedTask;
        }

        var details = changed.Aggregate(now, (all, name) => all.SetItem(name + Was, last!.GetValueOrDefault(name, "none")));
        return ledger.NoticeAsync(
            LedgerActor.Dashboard(tenant), Verb, last is null ? "These settings the ledger is kept by." : $"Changed since the last start: {string.Join(", ", changed)}.", details: details.SetItem("source", "settings of the dashboard"));
    }

    // Every organisation, and whoever gets its exports, reads this: where something lies on the machine, and for whom else it witnesses, is not theirs. Entries from before had it.
    private static ImmutableSortedDictionary<string, string> Shared(ImmutableSortedDictionary<string, string> details) =>
        Private.Where(details.ContainsKey).Aggregate(details, static (all, name) => all.SetItem(name, "set"));

    private ImmutableSortedDictionary<string, string> Now() => Shared(LedgerVerbs.Details(
        ("host", settings.Host),
        ("guardFolder", settings.GuardFolder),
        ("keepDays", settings.KeepFor?.TotalDays.ToString("0", CultureInfo.InvariantCulture)),
        ("backupFolder", settings.BackupFolder),
        ("witnesses", string.Join(' ', witnesses.Witnesses.Select(static witness => $"{witness.Prefix} {witness.Key}"))),
        ("timestamps", timestamps.Url is null ? null : $"{timestamps.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)} {timestamps.Name}"),
        ("witnessFor", string.Join(' ', witnesses.Logs)),
        ("source", "settings of the dashboard")));
}
