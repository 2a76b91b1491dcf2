namespace OsModa.E2E.Running;

/// <summary>Waits for what becomes true by itself; the ceiling is only ever reached when something is broken.</summary>
public static class Until
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until the answer is not null.</summary>
    /// <exception cref="TimeoutException">Not within <paramref name="ceiling"/>; the message says <paramref name="what"/> was waited for.</exception>
    public static async Task<T> GotAsync<T>(string what, TimeSpan ceiling, Func<Task<T?>> ask)
        where T : class
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (clock.GetElapsedTime(began) > ceiling)
            {
                throw new TimeoutException($"Not within {ceiling.TotalSeconds:0.#} s: {what}.");
            }

            await Task.Delay(Step, clock, CancellationToken.None);
        }
    }

    /// <summary>Asks again and again until it is so.</summary>
    /// <exception cref="TimeoutException">Not within <paramref name="ceiling"/>.</exception>
    public static Task TrueAsync(string what, TimeSpan ceiling, Func<Task<bool>> ask) =>
        GotAsync(what, ceiling, async () => await ask() ? what : null);
}
