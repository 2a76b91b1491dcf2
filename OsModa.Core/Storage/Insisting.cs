namespace OsModa.Core.Storage;

/// <summary>What must not be lost to a full disk, a lock or a database that is away for a moment.</summary>
internal static class Insisting
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Does it again, with pauses, until the database takes it.</summary>
    /// <param name="time">Measures the pauses.</param>
    /// <param name="work">May be done in part already when it is done again.</param>
    /// <param name="away">Called before each pause with what was wrong.</param>
    /// <param name="cancellationToken">Gives up, in a pause.</param>
    public static async Task InsistAsync(this TimeProvider time, Func<Task> work, Action<Exception> away, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception failed) when (failed.IsDatabaseTrouble())
            {
                away(failed);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
