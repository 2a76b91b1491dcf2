using System.Collections.Concurrent;
using OsModa.Core.Servers;

namespace OsModa.Core.Observation;

/// <summary>The newest state of every server: the read model of all pages. Publishing never runs a subscriber's work.</summary>
public sealed class Fleet
{
    private readonly ConcurrentDictionary<ServerId, ServerState> _states = new();
    private readonly Lock _subscriptionsLock = new();
    private Subscription[] _subscriptions = [];
    private long _version;

    /// <summary>Grows with each change of any server.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Newest state, or one that says "never heard".</summary>
    public ServerState this[ServerId server] => _states.TryGetValue(server, out var state) ? state : new ServerState { Server = server };

    /// <summary>Replaces a server's state by what <paramref name="next"/> makes of it. Per server, callers are expected to be one at a time.</summary>
    public void Update(ServerId server, Func<ServerState, ServerState> next)
    {
        var before = this[server];
        var after = next(before);
        if (ReferenceEquals(before, after))
        {
            return;
        }

        _states[server] = after;
        Interlocked.Increment(ref _version);
        foreach (var subscription in Volatile.Read(ref _subscriptions))
        {
            subscription.Changed(server);
        }
    }

    /// <summary>Forgets a server that was removed.</summary>
    public void Remove(ServerId server) => _states.TryRemove(server, out _);

    /// <summary>
    /// Calls <paramref name="changed"/> on the publisher's thread for each change: it must only set a mark and return.
    /// Pages use the throttled subscriptions of the dashboard instead.
    /// </summary>
    public IDisposable Subscribe(Action<ServerId> changed)
    {
        var subscription = new Subscription(this, changed);
        lock (_subscriptionsLock)
        {
            _subscriptions = [.. _subscriptions, subscription];
        }

        return subscription;
    }

    private sealed class Subscription(Fleet fleet, Action<ServerId> changed) : IDisposable
    {
        public void Changed(ServerId server) => changed(server);

        public void Dispose()
        {
            lock (fleet._subscriptionsLock)
            {
                fleet._subscriptions = [.. fleet._subscriptions.Where(s => s != this)];
            }
        }
    }
}
