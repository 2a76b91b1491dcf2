using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Dashboard.Live;
using Xunit;

namespace OsModa.Tests.Live;

public sealed class ThrottledSignalTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromSeconds(20);

    private readonly HandClock _clock = new();
    private readonly SemaphoreSlim _called = new(0);
    private int _calls;

    [Fact]
    public async Task The_first_raise_calls_at_once()
    {
        using var signal = Signal();

        signal.Raise();

        await NextCallAsync();
    }

    [Fact]
    public async Task Raises_within_the_interval_are_one_call_at_its_end()
    {
        using var signal = Signal();
        signal.Raise();
        await NextCallAsync();

        for (var i = 0; i < 100; i++)
        {
            signal.Raise();
        }

        _clock.Advance(Interval - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Volatile.Read(ref _calls));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await NextCallAsync();
        Assert.Equal(2, Volatile.Read(ref _calls));
    }

    [Fact]
    public async Task A_raise_during_a_call_is_not_lost_and_calls_do_not_overlap()
    {
        var go = new TaskCompletionSource();
        var inside = 0;
        var most = 0;
        using var signal = new ThrottledSignal(_clock, Interval, async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Interlocked.Increment(ref _calls);
            _called.Release();
            await go.Task;
            Interlocked.Decrement(ref inside);
        }, NullLogger.Instance);
        signal.Raise();
        await NextCallAsync();

        _clock.Advance(Interval);
        signal.Raise();
        go.SetResult();

        await NextCallAsync();
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_call_that_fails_harms_nobody_and_the_next_raise_calls_again()
    {
        using var signal = new ThrottledSignal(_clock, Interval, () =>
        {
            _called.Release();
            throw new InvalidOperationException("broken");
        }, NullLogger.Instance);
        signal.Raise();
        await NextCallAsync();
        _clock.Advance(Interval);

        signal.Raise();

        await NextCallAsync();
    }

    [Fact]
    public async Task After_its_end_nothing_is_called()
    {
        var signal = Signal();
        signal.Raise();
        await NextCallAsync();
        signal.Raise();

        signal.Dispose();
        _clock.Advance(Interval * 10);
        signal.Raise();

        Assert.Equal(1, Volatile.Read(ref _calls));
    }

    public void Dispose() => _called.Dispose();

    private ThrottledSignal Signal() => new(_clock, Interval, () =>
    {
        Interlocked.Increment(ref _calls);
        _called.Release();
        return Task.CompletedTask;
    }, NullLogger.Instance);

    private async Task NextCallAsync() => Assert.True(await _called.WaitAsync(Patience, Xunit.TestContext.Current.CancellationToken));
}
