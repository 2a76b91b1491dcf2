using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Nix;
using OsModa.Core.Servers;

namespace OsModa.Core.Observation;

/// <summary>
/// Writes the history of generations of all servers, at leisure and by one hand: a thousand servers that come up together neither wait
/// for each other at the database nor make a page wait for them.
/// </summary>
internal sealed class Chronicle(GenerationArchive archive, Fleet fleet, TimeProvider time, ILogger log)
{
    // Generations come in bursts: a switch adds one, a collection of garbage takes many, a start of the dashboard brings all.
    private static readonly TimeSpan Leisure = TimeSpan.FromSeconds(2);

    /// <summary>In one commit, so that other writers get their turn and memory has a bound.</summary>
    private const int GenerationsAtOnce = 2_000;

    private readonly ConcurrentDictionary<ServerId, Server> _changed = new();
    private readonly Nudge _nudge = new();

    /// <summary>The generations of a server have changed.</summary>
    public void Mark(Server server)
    {
        _changed[server.Id] = server;
        _nudge.Give();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await _nudge.WaitAsync(stop);
            await Task.Delay(Leisure, time, stop);
            while (!_changed.IsEmpty)
            {
                await WriteAsync(Some(), stop);
            }
        }
    }

    private List<(Server Server, ImmutableArray<Generation> Generations)> Some()
    {
        var some = new List<(Server Server, ImmutableArray<Generation> Generations)>();
        var count = 0;
        foreach (var (id, server) in _changed)
        {
            // The mark first, then the state: what changes in between sets the mark again.
            _changed.TryRemove(id, out _);
            var generations = GenerationReducer.ForThePast(fleet[id]);
            some.Add((server, generations));
            count += generations.Length;
            if (count >= GenerationsAtOnce)
            {
                break;
            }
        }

        return some;
    }

    private async Task WriteAsync(List<(Server Server, ImmutableArray<Generation> Generations)> some, CancellationToken stop)
    {
        try
        {
            await archive.SaveAsync(some, time.GetUtcNow(), stop);
        }
        catch (DbUpdateException) when (some.Count > 1)
        {
            // One that the database will not have must not cost the others their history.
            foreach (var one in some)
            {
                await WriteAsync([one], stop);
            }
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            log.LogError(failed, "The history of generations of {Servers} servers, {Server} among them, cannot be written; it is tried with their next change", some.Count, some[0].Server.Id);
        }
    }
}
