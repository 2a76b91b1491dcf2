using System.Runtime.CompilerServices;
using Xunit;

namespace OsModa.Tests;

/// <summary>Waiting for something that has no signal of its own; the ceilings are only ever reached when something is broken.</summary>
internal static class Eventually
{
    // On a busy machine it takes a while until others have had their turn, however far the clock was moved.
    private const int SecondsByHand = 60;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until it is so; fails, with what was waited for in words, when it is not within <paramref name="seconds"/>.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition, int seconds = 20, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        LookAsync(async () => await condition() ? what : null, RestAsync, seconds, () => Task.FromResult(what));

    /// <summary>The same for what is known at once.</summary>
    public static Task TrueAsync(Func<bool> condition, int seconds = 20, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), seconds, what);

    /// <summary>The same for what waits by a clock that stands still: it is moved on by <paramref name="step"/> after each look.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition, HandClock clock, TimeSpan step, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        GotAsync(async () => await condition() ? what : null, clock, step, () => Task.FromResult(what));

    /// <summary>The same for what is known at once.</summary>
    public static Task TrueAsync(Func<bool> condition, HandClock clock, TimeSpan step, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), clock, step, what);

    /// <summary>Asks again and again until the answer is not null; fails, with <paramref name="otherwise"/> in words, when it is not within <paramref name="seconds"/>.</summary>
    public static Task<T> GotAsync<T>(Func<Task<T?>> ask, int seconds, Func<Task<string>> otherwise)
        where T : class => LookAsync(ask, RestAsync, seconds, otherwise);

    /// <summary>The same for what waits by a clock that stands still: it is moved on by <paramref name="step"/> after each look.</summary>
    public static Task<T> GotAsync<T>(Func<Task<T?>> ask, HandClock clock, TimeSpan step, Func<Task<string>> otherwise)
        where T : class
    {
        return LookAsync(ask, MoveAsync, SecondsByHand, otherwise);

        async Task MoveAsync(TimeSpan looked)
        {
            clock.Advance(step);
            await Task.Yield();
        }
    }

    // A look that takes long, such as a program on a server, would otherwise take the processor from what it waits for.
    private static Task RestAsync(TimeSpan looked) => Task.Delay(looked > Step ? looked : Step, TimeProvider.System, CancellationToken.None);

    private static async Task<T> LookAsync<T>(Func<Task<T?>> ask, Func<TimeSpan, Task> rest, int seconds, Func<Task<string>> otherwise)
        where T : class
    {
        using var ceiling = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ceiling.CancelAfter(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var began = TimeProvider.System.GetTimestamp();
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (ceiling.IsCancellationRequested)
            {
                Assert.Fail($"It did not come to that within {seconds} s: {await otherwise()}");
            }

            await rest(TimeProvider.System.GetElapsedTime(began));
        }
    }
}
