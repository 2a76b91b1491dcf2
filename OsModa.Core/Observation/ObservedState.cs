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
    public void Begin(DateTimeOffset at)
    {
        lock (_lock)
        {
            _state = (_beforeSnapshot ?? _state).Apply(new ServerEvent.Connecting(at));
            _beforeSnapshot = null;
            fleet.Put(_state);
        }
    }

    /// <summary>Takes in an event of the stream; <see cref="Publish"/> shows it.</summary>
    public void Apply(ServerEvent happened)
    {
        bool generations;
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

            generations = _state.Generations != before.Generations;
        }

        if (generations)
        {
            GenerationsChanged?.Invoke();
        }
    }

    /// <summary>Shows what was taken in, unless a snapshot is being told.</summary>
    public void Publish()
    {
        lock (_lock)
        {
            if (_beforeSnapshot is null)
            {
                fleet.Put(_state);
            }
        }
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
    public void Lost(ConnectionFault fault, DateTimeOffset at)
    {
        lock (_lock)
        {
            _state = (_beforeSnapshot ?? _state).Apply(new ServerEvent.ConnectionLost(at, fault));
            _beforeSnapshot = null;
            fleet.Put(_state);
        }
    }
}
