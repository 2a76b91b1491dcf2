using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>
/// The state of one server on its way to the fleet. A snapshot is published when it is whole, not while it is told; a stream that ends
/// in the middle of one changes nothing.
/// </summary>
internal sealed class ObservedState(Fleet fleet, ServerId server)
{
    private readonly Lock _lock = new();
    private ServerState _state = fleet[server];
    private ServerState? _beforeSnapshot;
    private ServerState _shown = fleet[server];

    /// <summary>Called when other generations than before are shown.</summary>
    public Action? GenerationsChanged { get; set; }

    /// <summary>It was live when last heard.</summary>
    public bool IsLive
    {
        get
        {
            lock (_lock)
            {
                return _state.Reach == Reach.Live;
            }
        }
    }

    /// <summary>A stream is about to begin: what an unfinished one told is forgotten.</summary>
    public void Begin(DateTimeOffset at) => BackBeforeSnapshot(new ServerEvent.Connecting(at));

    /// <summary>Takes in an event of the stream; <see cref="Publish"/> shows it.</summary>
    public void Apply(ServerEvent happened)
    {
        lock (_lock)
        {
            var before = _state;
            _state = before.Apply(happened);
            switch (happened)
            {
                case ServerEvent.Hello:
                    _beforeSnapshot = before;
                    break;
                case ServerEvent.SnapshotEnded:
                    _beforeSnapshot = null;
                    break;
            }
        }
    }

    /// <summary>Shows what was taken in, unless a snapshot is being told.</summary>
    public void Publish()
    {
        bool changed;
        lock (_lock)
        {
            changed = _beforeSnapshot is null && Show();
        }

        Tell(changed);
    }

    /// <summary>Takes in and shows an event that did not come with the stream.</summary>
    public void Post(ServerEvent happened)
    {
        lock (_lock)
        {
            _beforeSnapshot = _beforeSnapshot?.Apply(happened);
        }

        Apply(happened);
        Publish();
    }

    /// <summary>The connection is no more.</summary>
    public void Lost(ConnectionFault fault, DateTimeOffset at) => BackBeforeSnapshot(new ServerEvent.ConnectionLost(at, fault));

    private void BackBeforeSnapshot(ServerEvent happened)
    {
        bool changed;
        lock (_lock)
        {
            _state = (_beforeSnapshot ?? _state).Apply(happened);
            _beforeSnapshot = null;
            changed = Show();
        }

        Tell(changed);
    }

    // Whoever is told reads the fleet: told at the event, they would read what was before a snapshot that takes long.
    private bool Show()
    {
        var changed = _state.Generations != _shown.Generations;
        _shown = _state;
        fleet.Put(_state);
        return changed;
    }

    private void Tell(bool changed)
    {
        if (changed)
        {
            GenerationsChanged?.Invoke();
        }
    }
}
