using Microsoft.Extensions.Logging;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>Measures the closures of one server's generations, at leisure, whenever its generations have changed.</summary>
internal sealed class ClosureWatch(Server server, Fleet fleet, ShellOf shells, SemaphoreSlim measuring, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Leisure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MeasureTime = TimeSpan.FromMinutes(2);

    private readonly Nudge _changed = new();
    private HashSet<StorePath> _measured = [];
    private int _wanted = server.Simulated ? 0 : 1;

    /// <summary>The generations have changed.</summary>
    public void Mark()
    {
        if (Volatile.Read(ref _wanted) == 1)
        {
            _changed.Give();
        }
    }

    /// <summary>Somebody wants to see sizes.</summary>
    public void Measure()
    {
        Volatile.Write(ref _wanted, 1);
        Mark();
    }

    public async Task RunAsync(Observer observer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await _changed.WaitAsync(stop);
            await Task.Delay(Leisure, time, stop);
            await MeasureAsync(observer, stop);
        }
    }

    // What is exclusive to a generation depends on the others, so a change of the list asks for all again.
    private async Task MeasureAsync(Observer observer, CancellationToken stop)
    {
        var state = fleet[server.Id];
        var systems = state.Generations.Where(g => g.GoneAt is null).Select(g => g.System).ToHashSet();
        if (systems.Count == 0 || state.Reach != Reach.Live || systems.SetEquals(_measured))
        {
            return;
        }

        await measuring.WaitAsync(stop);
        try
        {
            using var patience = new CancellationTokenSource(MeasureTime, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
            var sizes = await ClosureReader.MeasureAsync(await shells(server.Id, either.Token), systems, either.Token);
            if (!sizes.IsEmpty)
            {
                observer.Post(new ServerEvent.ClosuresMeasured(time.GetUtcNow(), sizes));
                _measured = systems;
            }
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // What nobody thought of must not end the watch: the server would have no sizes any more.
            var expected = failed is ConnectionException or FormatException or OperationCanceledException;
            log.Log(expected ? LogLevel.Information : LogLevel.Error, failed, "Closures of {Server} were not measured; it is tried with the next change", server.Id);
        }
        finally
        {
            measuring.Release();
        }
    }
}
