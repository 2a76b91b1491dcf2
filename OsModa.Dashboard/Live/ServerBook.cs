using System.Collections.Concurrent;
using System.Collections.Immutable;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;

namespace OsModa.Dashboard.Live;

/// <summary>The servers of an organisation, as they were read once.</summary>
/// <param name="Cards">By name.</param>
/// <param name="AsOf">How many changes of the directory had been told when the reading began: of two lists the one with the higher number is the newer one.</param>
public readonly record struct ServerList(ImmutableArray<ServerCard> Cards, long AsOf);

/// <summary>The servers of each organisation, kept in memory for pages that show many; the directory says when to read them again.</summary>
public sealed class ServerBook : IDisposable
{
    private readonly ConcurrentDictionary<Guid, ServerList> _lists = new();
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
            _lists.TryRemove(change.OrganisationId, out _);
            foreach (var changed in _readers)
            {
                changed(change.OrganisationId);
            }
        });
    }

    /// <summary>Calls <paramref name="changed"/> with the organisation whose servers came, went or were renamed; it must only set a mark and return.</summary>
    public void Subscribe(Action<Guid> changed) => ImmutableInterlocked.Update(ref _readers, static (all, one) => all.Add(one), changed);

    /// <summary>Servers of the caller's organisation, by name.</summary>
    public async Task<ImmutableArray<ServerCard>> OfAsync(Caller caller, CancellationToken cancellationToken = default) => (await ListAsync(caller, cancellationToken)).Cards;

    /// <summary>The same, for who keeps the list and has to know which of two is the newer one.</summary>
    public async Task<ServerList> ListAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        if (_lists.TryGetValue(caller.OrganisationId, out var list))
        {
            return list;
        }

        var changes = Volatile.Read(ref _changes);
        list = new ServerList([.. (await _directory.ListAsync(caller, cancellationToken)).Select(ServerCard.Of)], changes);
        // What was read while something changed may be older than that.
        if (changes == Volatile.Read(ref _changes))
        {
            _lists[caller.OrganisationId] = list;
            if (changes != Volatile.Read(ref _changes))
            {
                _lists.TryRemove(caller.OrganisationId, out _);
            }
        }

        return list;
    }

    public void Dispose() => _subscription.Dispose();
}
