using System.Collections.Concurrent;
using System.Collections.Immutable;
using OsModa.Core.Servers;

namespace OsModa.Core.Observation;

/// <summary>The newest state of every server: the read model of all pages. Publishing never runs a subscriber's work.</summary>
public sealed class Fleet
{
    private readonly ConcurrentDictionary<ServerId, ServerState> _states = new();
    private readonly Listeners<ServerId> _changed = new();
    private long _version;

    /// <summary>
    /// Grows with each change of any server. That a server was heard again and nothing else is no change: its state then
    /// carries a newer <see cref="ServerState.HeardAt"/>, and nobody is told.
    /// </summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Newest state, or one that says "never heard".</summary>
    public ServerState this[ServerId server] => _states.TryGetValue(server, out var state) ? state : new ServerState { Server = server };

    /// <summary>The newest states of all servers that were heard of, in no order.</summary>
    public ImmutableArray<ServerState> States => [.. _states.Values];

    /// <summary>Replaces a server's state by what <paramref name="next"/> makes of it. Per server, callers are expected to be one at a time.</summary>
    public void Update(ServerId server, Func<ServerState, ServerState> next) => Put(next(this[server]));

    /// <summary>Publishes a state. Per server, callers are expected to be one at a time.</summary>
    public void Put(ServerState state)
    {
        var before = this[state.Server];
        if (ReferenceEquals(before, state))
        {
            return;
        }

        _states[state.Server] = state;
        if ((state with { HeardAt = before.HeardAt }) != before)
        {
            Tell(state.Server);
        }
    }

    /// <summary>Forgets a server that was removed.</summary>
    public void Remove(ServerId server)
    {
        if (_states.TryRemove(server, out _))
        {
            Tell(server);
        }
    }

    /// <summary>
    /// Calls <paramref name="changed"/> on the publisher's thread for each change: it must only set a mark and return, and must not throw.
    /// Pages use the throttled subscriptions of the dashboard instead.
    /// </summary>
    public IDisposable Subscribe(Action<ServerId> changed) => _changed.Add(changed);

    /// <summary>Subscribes and gives all states with it; a change that is in neither the states nor a call does not exist. One may be in both.</summary>
    public IDisposable Subscribe(Action<ServerId> changed, out ImmutableArray<ServerState> now)
    {
        var subscription = Subscribe(changed);
        now = States;
        return subscription;
    }

    private void Tell(ServerId server)
    {
        Interlocked.Increment(ref _version);
        _changed.Tell(server);
    }
}
