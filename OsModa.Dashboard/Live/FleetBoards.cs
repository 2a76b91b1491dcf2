using System.Collections.Concurrent;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Live;

/// <summary>One board for each organisation that somebody has looked at.</summary>
public sealed class FleetBoards(Fleet fleet, ServerBook book, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, FleetBoard> _boards = new();

    public async Task<FleetBoard> OfAsync(Guid organisation, CancellationToken cancellationToken = default)
    {
        var cards = await book.OfAsync(organisation, cancellationToken);
        return _boards.GetOrAdd(organisation, _ => new FleetBoard(fleet, time, cards));
    }

    /// <summary>Servers of this organisation came, went or were renamed: whoever looks sees it.</summary>
    public async Task RefreshAsync(Guid organisation, CancellationToken cancellationToken = default)
    {
        var cards = await book.ReadAsync(organisation, cancellationToken);
        if (_boards.TryGetValue(organisation, out var board))
        {
            board.Show(cards);
        }
    }

    public void Dispose()
    {
        foreach (var board in _boards.Values)
        {
            board.Dispose();
        }
    }

}
