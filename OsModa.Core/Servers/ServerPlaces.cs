using System.Collections.Concurrent;

namespace OsModa.Core.Servers;

/// <summary>Lets a few things be done on each server at the same time; more wait, and hold nobody up who asks something of another server.</summary>
/// <param name="most">How many on one server.</param>
public class ServerPlaces(int most)
{
    private readonly ConcurrentDictionary<ServerId, SemaphoreSlim> _places = new();

    /// <summary>Does something as soon as there is a place.</summary>
    /// <param name="server">On which server.</param>
    /// <param name="work">What to do there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<T> InAsync<T>(ServerId server, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var places = _places.GetOrAdd(server, _ => new SemaphoreSlim(most));
        await places.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>The same for what answers nothing.</summary>
    public Task InAsync(ServerId server, Func<Task> work, CancellationToken cancellationToken) => InAsync(
        server,
        async () =>
        {
            await work();
            return true;
        },
        cancellationToken);
}
