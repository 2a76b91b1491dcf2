using System.Runtime.CompilerServices;
using Xunit;

namespace OsModa.Tests;

/// <summary>Waiting for something that has no signal of its own; the ceiling is only ever reached when something is broken.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until it is so; fails, with what was waited for in words, when it is not within <paramref name="seconds"/>.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, int seconds = 20, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        using var ceiling = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await condition())
        {
            Assert.False(ceiling.IsCancellationRequested, $"It did not come true within {seconds} s: {what}");
            await Task.Delay(Step, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>The same for what is known at once.</summary>
    public static Task TrueAsync(Func<bool> condition, int seconds = 20, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), seconds, what);
}
