using Microsoft.Extensions.Logging;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>What goes on beside the observation of one server, at leisure: keeping the history of its generations, and measuring their closures.</summary>
internal sealed class Chronicle(Server server, Fleet fleet, ShellOf shells, GenerationArchive archive, SemaphoreSlim measuring, TimeProvider time, ILogger log)
{
    // Generations come in bursts: a switch adds one, a collection of garbage takes many.
    private static readonly TimeSpan Leisure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MeasureTime = TimeSpan.FromMinutes(2);

    private readonly Nudge _changed = new();
    private HashSet<StorePath> _measured = [];
    private int _wanted = server.Simulated ? 0 : 1;

    /// <summary>The generations have changed.</summary>
    public void Mark() => _changed.Give();

    /// <summary>Somebody wants to see sizes.</summary>
    public void Measure()
    {
        Volatile.Write(ref _wanted, 1);
        Mark();
    }

    public async Task LoadAsync(Observer observer, CancellationToken stop)
    {
        try
        {
            var (generations, change) = (await archive.LoadAsync(server.Id, stop), await archive.LastChangeAsync(server.Id, stop));
            if (!generations.IsEmpty || change is not null)
            {
                observer.Post(new ServerEvent.HistoryLoaded(time.GetUtcNow(), generations) { LastChange = change });
            }
        }
        catch (Exception failed) when (GenerationArchive.IsOfDatabase(failed))
        {
            log.LogError(failed, "The history of generations of {Server} cannot be read", server.Id);
        }
    }

    public async Task RunAsync(Observer observer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await _changed.WaitAsync(stop);
            await Task.Delay(Leisure, time, stop);
            await SaveAsync(stop);
            if (Volatile.Read(ref _wanted) == 1)
            {
                await MeasureAsync(observer, stop);
            }
        }
    }

    private async Task SaveAsync(CancellationToken stop)
    {
        try
        {
            await archive.SaveAsync(server, fleet[server.Id].Generations, time.GetUtcNow(), stop);
        }
        catch (Exception failed) when (GenerationArchive.IsOfDatabase(failed))
        {
            log.LogError(failed, "The history of generations of {Server} cannot be written; it is tried with the next change", server.Id);
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
        catch (Exception failed) when (failed is ConnectionException or FormatException || (failed is OperationCanceledException && !stop.IsCancellationRequested))
        {
            log.LogInformation(failed, "Closures of {Server} were not measured; it is tried with the next change", server.Id);
        }
        finally
        {
            measuring.Release();
        }
    }
}
