using System.Collections.Concurrent;
using OsModa.Core.Servers;

namespace OsModa.Core.Comparison;

/// <summary>Lets a few comparisons read from a server at the same time; more wait. A connection has nine places, and what people do must find one.</summary>
public sealed class ComparisonPlaces
{
    /// <summary>Of one server.</summary>
    public const int MostAtOnce = 2;

    private readonly ConcurrentDictionary<ServerId, SemaphoreSlim> _places = new();

    /// <summary>Reads once there is a place.</summary>
    internal async Task<T> ReadAsync<T>(ServerId server, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        var places = _places.GetOrAdd(server, static _ => new SemaphoreSlim(MostAtOnce));
        await places.WaitAsync(cancellationToken);
        try
        {
            return await read();
        }
        finally
        {
            places.Release();
        }
    }
}
