using Microsoft.Extensions.Logging;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger;

/// <summary>What is done over all logs again and again: whatever is in the database, or keeps it from being read, the dashboard goes on.</summary>
internal static class LedgerRound
{
    public static bool IsEndured(Exception e) => e is not (OperationCanceledException or OutOfMemoryException);

    /// <summary>All logs; none when they cannot be read, which is told.</summary>
    public static IReadOnlyList<LogName> Logs(LedgerStore store, ILogger log)
    {
        try
        {
            return store.Logs();
        }
        catch (Exception e) when (IsEndured(e))
        {
            log.LogCritical(e, "It cannot be read which ledgers there are");
            return [];
        }
    }

    /// <summary>All organisations that have one.</summary>
    public static List<Guid> Organisations(LedgerStore store, ILogger log) => [.. Logs(store, log).Select(static name => name.Tenant).Where(static tenant => tenant != LogName.Root).Distinct()];
}
