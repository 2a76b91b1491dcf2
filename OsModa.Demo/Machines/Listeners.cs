using OsModa.Core.Ssh;
using OsModa.Demo.Wire;

namespace OsModa.Demo.Machines;

/// <summary>Who runs observe.sh on a simulated server. Used by whoever holds the server's gate.</summary>
internal sealed class Listeners(Lock gate)
{
    private readonly Lock _gate = gate;
    private readonly List<Listener> _all = [];

    /// <summary>The streams of all; to be gone through at once.</summary>
    public List<Listener> All => _all;

    /// <returns>Dispose it to stop listening.</returns>
    public IDisposable Add(FrameStream frames, LineQueue lines)
    {
        var listener = new Listener(this, frames, lines);
        _all.Add(listener);
        return listener;
    }

    public void Tell(Action<FrameStream> tell)
    {
        foreach (var listener in _all)
        {
            tell(listener.Frames);
        }
    }

    /// <summary>Their connections are no more.</summary>
    public void CutOff(ConnectionException lost)
    {
        foreach (var listener in _all)
        {
            listener.Lines.End(lost);
        }

        _all.Clear();
    }

    internal sealed class Listener(Listeners listeners, FrameStream frames, LineQueue lines) : IDisposable
    {
        public FrameStream Frames { get; } = frames;

        public LineQueue Lines { get; } = lines;

        public void Dispose()
        {
            lock (listeners._gate)
            {
                listeners._all.Remove(this);
            }
        }
    }
}
