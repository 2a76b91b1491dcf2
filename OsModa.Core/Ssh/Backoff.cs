namespace OsModa.Core.Ssh;

/// <summary>
/// How long to wait before trying a server again. Waits double from 1 s to 60 s; after ten minutes without success they grow on
/// to 5 minutes. Each is cut by chance to between half and all of itself, so that a thousand servers do not come back at once.
/// </summary>
/// <param name="time">Clock.</param>
/// <param name="random">Source of chance; seeded in tests.</param>
public sealed class Backoff(TimeProvider time, Random random)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAtFirst = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AtFirst = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    private int _failures;
    private long _firstFailureAt;
    private long? _connectedAt;

    /// <summary>A connection stands. Only one that lasts 30 s makes the next wait short again: a server that flaps is not hammered.</summary>
    public void Connected() => _connectedAt = time.GetTimestamp();

    /// <summary>An attempt or a connection has failed: how long to wait before the next attempt.</summary>
    public TimeSpan Failed()
    {
        if (_connectedAt is { } since && time.GetElapsedTime(since) >= Lasting)
        {
            _failures = 0;
        }

        _connectedAt = null;
        if (_failures == 0)
        {
            _firstFailureAt = time.GetTimestamp();
        }

        var longest = time.GetElapsedTime(_firstFailureAt) < AtFirst ? LongestAtFirst : Longest;
        var wait = Math.Min(Shortest.TotalSeconds * Math.Pow(2, Math.Min(_failures, 30)), longest.TotalSeconds);
        _failures++;
        return TimeSpan.FromSeconds(wait * (0.5 + (random.NextDouble() / 2)));
    }

    /// <summary>Waits for as long as <see cref="Failed"/> says.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Failed(), time, cancellationToken);

    /// <summary>A person changed something or asks for it: the next wait is short again.</summary>
    public void Reset() => (_failures, _connectedAt) = (0, null);
}
