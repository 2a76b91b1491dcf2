using System.Collections.Concurrent;
using System.Collections.Immutable;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;

namespace OsModa.Dashboard.Live;

/// <summary>The servers of each organisation, kept in memory for pages that show many; the directory says when to read them again.</summary>
public sealed class ServerBook : IDisposable
{
    private readonly ConcurrentDictionary<Guid, ImmutableArray<ServerCard>> _cards = new();
    private readonly ServerDirectory _directory;
    private readonly IDisposable _subscription;
    private ImmutableArray<Action<Guid>> _readers = [];
    private long _changes;

    public ServerBook(ServerDirectory directory)
    {
        _directory = directory;
        _subscription = directory.Subscribe(change =>
        {
            Interlocked.Increment(ref _changes);
            _cards.TryRemove(change.OrganisationId, out _);
            foreach (var changed in _readers)
            {
                changed(change.OrganisationId);
            }
        });
    }

    /// <summary>Calls <paramref name="changed"/> with the organisation whose servers came, went or were renamed; it must only set a mark and return.</summary>
    public void Subscribe(Action<Guid> changed) => ImmutableInterlocked.Update(ref _readers, static (all, one) => all.Add(one), changed);

    /// <summary>Servers of the caller's organisation, by name.</summary>
    public async Task<ImmutableArray<ServerCard>> OfAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        if (_cards.TryGetValue(caller.OrganisationId, out var cards))
        {
            return cards;
        }

        var changes = Volatile.Read(ref _changes);
        cards = [.. (await _directory.ListAsync(caller, cancellationToken)).Select(ServerCard.Of)];
        // What was read while something changed may be older than that.
        if (changes == Volatile.Read(ref _changes))
        {
            _cards[caller.OrganisationId] = cards;
            if (changes != Volatile.Read(ref _changes))
            {
                _cards.TryRemove(caller.OrganisationId, out _);
            }
        }

        return cards;
    }

    public void Dispose() => _subscription.Dispose();
}
