using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OsModa.Core.Observation;

namespace OsModa.Core.Operations;

/// <summary>
/// Follows all open operations. Servers do not need it: they finish by themselves. When the dashboard starts it takes up what was open,
/// and asks; it never starts anything again.
/// </summary>
public sealed class OperationWatch(Fleet fleet, ShellOf shells, OperationRows rows, TimeProvider time, ILogger<OperationWatch> log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, FollowedOperation> _followed = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Takes up the operations that an earlier process left open, or had not yet watched long enough afterwards. Once, at start.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var left in (await rows.OpenAsync(cancellationToken)).Concat(await rows.JustVerifiedAsync(cancellationToken)))
        {
            log.LogInformation("Taking up operation {Operation} on {Server}, begun {StartedAt:u}", left.Id, left.ServerId, left.StartedAt);
            Follow(left, resumed: true);
        }
    }

    /// <summary>A new one, before the server is told.</summary>
    internal void Follow(Operation intent) => Follow(intent, resumed: false);

    /// <summary>The server was told.</summary>
    /// <param name="operation">Which one.</param>
    /// <param name="answered">It said that it runs.</param>
    internal async Task StartedAsync(Operation operation, bool answered)
    {
        if (answered)
        {
            await rows.RunningAsync(operation, CancellationToken.None);
        }

        if (_followed.TryGetValue(operation.Id, out var followed))
        {
            followed.Told();
        }
    }

    /// <summary>The server would not.</summary>
    internal async Task NotStartedAsync(Operation operation, string why)
    {
        if (_followed.TryGetValue(operation.Id, out var followed))
        {
            followed.Abandon();
        }

        await rows.EndAsync(operation, new Judgement(OperationState.Failed, SwitchVerdict.Refused, $"{why} Nothing was changed."), null, CancellationToken.None);
    }

    /// <summary>Stops following. What runs on servers goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_followed.Values.Select(followed => followed.Ended));
        _stop.Dispose();
    }

    /// <summary>One that began without us, or before us.</summary>
    internal void Follow(Operation operation, bool resumed)
    {
        var followed = new FollowedOperation(operation, resumed, fleet, shells, rows, time, log);
        if (_followed.TryAdd(operation.Id, followed))
        {
            _ = Task.Run(() => RunAsync(operation.Id, followed));
        }
    }

    private async Task RunAsync(Guid operation, FollowedOperation followed)
    {
        using (followed)
        {
            await followed.RunAsync(_stop.Token);
            _followed.TryRemove(operation, out _);
        }
    }
}
