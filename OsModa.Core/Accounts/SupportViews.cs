using System.Collections.Concurrent;
using OsModa.Core.Ledger;
using OsModa.Core.Servers;

namespace OsModa.Core.Accounts;

/// <summary>What support looks at stands in the ledger of the organisation that it belongs to, before it is shown: each page once in <see cref="Again"/>.</summary>
public sealed class SupportViews(LedgerWriter ledger, TimeProvider time)
{
    public const string Verb = "support.view";
    public static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    private const int LongestPage = 200;

    private readonly ConcurrentDictionary<(Guid Person, Guid Organisation, string Page), View> _seen = new();

    /// <param name="caller">Anybody; of others than support nothing is written.</param>
    /// <param name="page">Path of what they look at, without a query: <c>/servers/…/generations</c>.</param>
    /// <exception cref="Ledger.Storing.LedgerDamagedException">It could not be written down: it must not be shown.</exception>
    public async ValueTask SeenAsync(Caller caller, string page)
    {
        if (caller.Role != Role.Support)
        {
            return;
        }

        page = page.Length > LongestPage ? page[..LongestPage] : page;
        var now = time.GetTimestamp();
        DropOld(now);
        var key = (caller.PersonId, caller.OrganisationId, page);
        // Parts of a page that ask at the same time wait for the same entry.
        var view = _seen.GetOrAdd(key, _ => new View(now, new Lazy<Task>(() => WriteAsync(caller, page))));
        try
        {
            await view.Written.Value;
        }
        catch
        {
            _seen.TryRemove(new(key, view));
            throw;
        }
    }

    private Task WriteAsync(Caller caller, string page) =>
        ledger.NoticeFirstAsync(LedgerActor.Of(caller), Verb, $"Looked at {page}.", ServerOf(page), LedgerVerbs.Details(("page", page)));

    // So that it stands in the server's own part of the ledger too.
    private static ServerId? ServerOf(string page)
    {
        var rooms = page.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(rooms, "servers");
        return at >= 0 && at + 1 < rooms.Length && Guid.TryParseExact(rooms[at + 1], "D", out var id) ? new ServerId(id) : null;
    }

    private void DropOld(long now)
    {
        foreach (var seen in _seen)
        {
            if (time.GetElapsedTime(seen.Value.At, now) >= Again)
            {
                _seen.TryRemove(seen);
            }
        }
    }

    private sealed record View(long At, Lazy<Task> Written);
}
