using System.Collections.Concurrent;
using OsModa.Core.Servers;

namespace OsModa.Core.Configuration;

/// <summary>A few runs at a time on each machine, so that one that builds for many servers is not asked for everything at once.</summary>
/// <param name="most">How many on one machine.</param>
internal sealed class BuildPlaces(int most) : IDisposable
{
    private readonly ConcurrentDictionary<ServerId, SemaphoreSlim> _machines = new();

    /// <summary>Does something as soon as there is a place on the machine.</summary>
    public async Task OnAsync(ServerId machine, Func<Task> work, CancellationToken cancellationToken)
    {
        var places = _machines.GetOrAdd(machine, _ => new SemaphoreSlim(most));
        await places.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose()
    {
        foreach (var places in _machines.Values)
        {
            places.Dispose();
        }
    }
}
