using System.Threading.Channels;
using OsModa.Core.Observation;
using OsModa.Core.Servers;

namespace OsModa.Core.Operations;

/// <summary>Wakes whoever waits when one server's state has changed, or when time is up. Publishers of states only leave a mark.</summary>
internal sealed class ServerSignal : IDisposable
{
    private readonly Channel<bool> _marks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;

    public ServerSignal(Fleet fleet, ServerId server, TimeProvider time)
    {
        _time = time;
        _subscription = fleet.Subscribe(changed =>
        {
            if (changed == server)
            {
                Raise();
            }
        });
    }

    /// <summary>Wakes the one who waits, or the next one who will.</summary>
    public void Raise() => _marks.Writer.TryWrite(true);

    /// <summary>Returns after a change since the last wait, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var timer = _time.CreateTimer(static signal => ((ServerSignal)signal!).Raise(), this, atMost < TimeSpan.Zero ? TimeSpan.Zero : atMost, Timeout.InfiniteTimeSpan);
        await using (timer)
        {
            await _marks.Reader.ReadAsync(cancellationToken);
        }
    }

    public void Dispose() => _subscription.Dispose();
}
