using System.Threading.Channels;

namespace OsModa.Core.Observation;

/// <summary>Wakes one waiter. Given while nobody waits, it is kept for the next wait; given often, it is kept once.</summary>
internal sealed class Nudge
{
    private readonly Channel<byte> _given = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Give() => _given.Writer.TryWrite(0);

    public async Task WaitAsync(CancellationToken cancellationToken) => await _given.Reader.ReadAsync(cancellationToken);
}
