using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace OsModa.Dashboard.Pages.Audit;

/// <summary>What of the ledger is shown: it stands in the address.</summary>
public sealed partial class LedgerView
{
    [SupplyParameterFromQuery(Name = "show")] public string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "q")] public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "epoch")] public string? EpochQuery { get; set; }

    [SupplyParameterFromQuery(Name = "who")] public string? Who { get; set; }

    /// <summary>The first day.</summary>
    [SupplyParameterFromQuery(Name = "from")] public string? From { get; set; }

    /// <summary>The last day.</summary>
    [SupplyParameterFromQuery(Name = "to")] public string? To { get; set; }

    /// <summary>Only what is about this one, on the page of all.</summary>
    [SupplyParameterFromQuery(Name = "server")] public string? ServerQuery { get; set; }

    [SupplyParameterFromQuery(Name = "entry")] public string? EntryQuery { get; set; }

    /// <summary>Only entries with a smaller number.</summary>
    [SupplyParameterFromQuery(Name = "before")] public string? BeforeQuery { get; set; }

    private long? Entry => NumberIn(EntryQuery);

    private long? Before => NumberIn(BeforeQuery);

    /// <summary>What the address says and is no number of an entry.</summary>
    private string? NoNumber => EntryQuery is { Length: > 0 } entry && Entry is null ? entry : BeforeQuery is { Length: > 0 } before && Before is null ? before : null;

    private string? Older => _page?.Before is { } before ? _show.Link(Page, before: before) : null;

    private static long? NumberIn(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
