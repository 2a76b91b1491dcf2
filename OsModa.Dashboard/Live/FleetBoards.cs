using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OsModa.Core.Accounts;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Live;

/// <summary>One board for each organisation that somebody has looked at.</summary>
public sealed class FleetBoards : IDisposable
{
    private readonly ConcurrentDictionary<Guid, (FleetBoard Board, Caller Opened)> _boards = new();
    private readonly Fleet _fleet;
    private readonly ServerBook _book;
    private readonly TimeProvider _time;
    private readonly ILogger<FleetBoards> _log;

    public FleetBoards(Fleet fleet, ServerBook book, TimeProvider time, ILogger<FleetBoards> log)
    {
        (_fleet, _book, _time, _log) = (fleet, book, time, log);
        book.Subscribe(organisation => ThreadPool.UnsafeQueueUserWorkItem(static at => at.Boards.Refresh(at.Organisation), (Boards: this, Organisation: organisation), preferLocal: false));
    }

    /// <summary>The board of the caller's organisation, up to date.</summary>
    public async Task<FleetBoard> OfAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var list = await _book.ListAsync(caller, cancellationToken);
        var (board, _) = _boards.GetOrAdd(caller.OrganisationId, _ => (new FleetBoard(_fleet, _time, list, _log), caller));
        board.Show(list);
        return board;
    }

    public void Dispose()
    {
        foreach (var (board, _) in _boards.Values)
        {
            board.Dispose();
        }
    }

    private async void Refresh(Guid organisation)
    {
        if (_boards.TryGetValue(organisation, out var known))
        {
            try
            {
                known.Board.Show(await _book.ListAsync(known.Opened));
            }
            catch (Exception failed)
            {
                _log.LogError(failed, "The list of servers cannot be read; the next change, or the next page, reads it again");
            }
        }
    }
}
