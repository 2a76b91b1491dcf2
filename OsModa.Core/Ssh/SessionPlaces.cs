namespace OsModa.Core.Ssh;

/// <summary>Places for commands under way over one connection. One is kept for what needs root: whatever is being read, a rollback finds its place.</summary>
internal sealed class SessionPlaces
{
    /// <summary>sshd's MaxSessions is 10 unless changed.</summary>
    public const int AtOnce = 9;

    // Neither is disposed of: nobody asks for a wait handle, and a command may give its place back after the connection has ended.
    private SemaphoreSlim All { get; } = new(AtOnce);

    private SemaphoreSlim Reads { get; } = new(AtOnce - 1);

    /// <summary>Waits for a place; it is given back by calling the result, once.</summary>
    /// <param name="script">What it is for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Action> TakeAsync(RemoteScript script, CancellationToken cancellationToken)
    {
        if (script.NeedsRoot)
        {
            await All.WaitAsync(cancellationToken);
            return () => All.Release();
        }

        await Reads.WaitAsync(cancellationToken);
        try
        {
            await All.WaitAsync(cancellationToken);
        }
        catch
        {
            Reads.Release();
            throw;
        }

        return () =>
        {
            All.Release();
            Reads.Release();
        };
    }
}
