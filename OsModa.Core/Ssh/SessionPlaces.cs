namespace OsModa.Core.Ssh;

/// <summary>Places for commands under way over one connection. One is kept for what needs root: whatever is being read, a rollback finds its place.</summary>
internal sealed class SessionPlaces
{
    /// <summary>sshd's MaxSessions is 10 unless changed.</summary>
    public const int AtOnce = 9;

    private readonly SemaphoreSlim _all = new(AtOnce);
    private readonly SemaphoreSlim _reads = new(AtOnce - 1);

    /// <summary>Waits for a place; it is given back by calling the result, once.</summary>
    /// <param name="script">What it is for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Action> TakeAsync(RemoteScript script, CancellationToken cancellationToken)
    {
        if (script.NeedsRoot)
        {
            await _all.WaitAsync(cancellationToken);
            return () => _all.Release();
        }

        await _reads.WaitAsync(cancellationToken);
        try
        {
            await _all.WaitAsync(cancellationToken);
        }
        catch
        {
            _reads.Release();
            throw;
        }

        return () =>
        {
            _all.Release();
            _reads.Release();
        };
    }
}
