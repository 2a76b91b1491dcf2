using System.Collections.Immutable;
using System.Globalization;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>The entry of the ledger that says how the chain of a server stands now.</summary>
internal static class StandingNotice
{
    private const int DifferencesTold = 20;

    /// <param name="server">Whose chain.</param>
    /// <param name="standing">How it stands now.</param>
    /// <param name="before">How it stood.</param>
    /// <param name="differences">Fields that changed; the first twenty are told.</param>
    /// <param name="at">By our clock.</param>
    /// <param name="announcedBy">Who announced what has come; null when nobody did.</param>
    public static NewRecord Of(Server server, ChainStanding standing, ChainStatus before, ImmutableArray<FieldDifference> differences, DateTimeOffset at, string? announcedBy = null)
    {
        var details = LedgerVerbs.Details(
            ("status", standing.Status.ToString()), ("was", before.ToString()), ("event", standing.AtId?.ToString(CultureInfo.InvariantCulture)),
            ("epoch", standing.Epoch.ToString(CultureInfo.InvariantCulture)), ("source", "chain of the server"), ("announcedBy", announcedBy));
        foreach (var (index, difference) in differences.Take(DifferencesTold).Index())
        {
            details = details.SetItem($"difference{index + 1:00}", $"event {difference.Id}, {difference.Field}: “{Short(difference.Was)}” became “{Short(difference.Is)}”");
        }

        return NewRecord.Salted(RecordKind.Notice, new ActionBody { Verb = HostVerbs.ChainStatus, Server = server.Id.Value, Text = standing.Sentence, Details = details }, server.Id.Value, at);
    }

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;
}
