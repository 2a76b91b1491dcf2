using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Observation;

/// <summary>What is known of a server from before this program started.</summary>
/// <param name="Generations">All that were ever seen on it, newest number first.</param>
/// <param name="LastChange">The newest switch that is written down, by anybody; null: none is.</param>
public sealed record ServerPast(ImmutableArray<Generation> Generations, LastChange? LastChange)
{
    public static ServerPast None { get; } = new([], null);
}

/// <summary>
/// Keeps what generations servers have had, across restarts of the dashboard: those that are gone stay in the history. Reads and writes
/// many servers at a time, because the price is that of the question and of the commit, hardly that of the rows.
/// </summary>
public sealed class GenerationArchive(Database database)
{
    /// <summary>The pasts of those servers that have one.</summary>
    public async Task<IReadOnlyDictionary<ServerId, ServerPast>> LoadAsync(IReadOnlyCollection<ServerId> servers, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var rows = await context.Set<GenerationHistory>().AsNoTracking().Where(row => servers.Contains(row.ServerId)).OrderByDescending(row => row.Number).ToListAsync(cancellationToken);
            var newest = await context.Operations.AsNoTracking().Where(o => servers.Contains(o.ServerId) && o.State == OperationState.Verified)
                .GroupBy(o => o.ServerId).Select(group => group.OrderByDescending(o => o.StartedAt).First()).ToListAsync(cancellationToken);
            var generations = rows.ToLookup(row => row.ServerId, row => row.ToGeneration());
            var changes = newest.ToDictionary(o => o.ServerId, ChangeOf);
            return generations.Select(g => g.Key).Union(changes.Keys)
                .ToDictionary(id => id, id => new ServerPast([.. generations[id].OfType<Generation>()], changes.GetValueOrDefault(id)));
        }
    }

    /// <summary>Writes down what is new or has changed, in one commit; rows are never deleted.</summary>
    public async Task SaveAsync(IReadOnlyCollection<(Server Server, ImmutableArray<Generation> Generations)> changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = changed.Select(one => one.Server.Id).ToList();
        var context = database.OpenForAll();
        await using (context)
        {
            // A server may have been removed meanwhile.
            var present = (await context.Servers.Where(s => ids.Contains(s.Id)).Select(s => s.Id).ToListAsync(cancellationToken)).ToHashSet();
            var rows = await context.Set<GenerationHistory>().Where(row => ids.Contains(row.ServerId)).ToDictionaryAsync(row => (row.ServerId, row.Number, row.System), cancellationToken);
            foreach (var (server, generations) in changed.Where(one => present.Contains(one.Server.Id)))
            {
                foreach (var generation in generations)
                {
                    if (!rows.TryGetValue((server.Id, generation.Number, generation.System.Text), out var row))
                    {
                        row = new GenerationHistory
                        {
                            OrganisationId = server.OrganisationId, ServerId = server.Id, Number = generation.Number, System = generation.System.Text, FirstSeenAt = now,
                        };
                        context.Add(row);
                    }

                    row.Take(generation);
                }
            }

            await context.SaveChangesAsync(cancellationToken);
        }
    }

    private static LastChange? ChangeOf(Operation newest) => !StorePath.TryParse(newest.TargetSystem, out var system) ? null : new LastChange(
        newest.StartedAt,
        newest.OnlyNextBoot ? ChangeKind.NextBootSet : newest.TargetGeneration is > 0 and var number && number < newest.FromGeneration ? ChangeKind.RolledBackTo : ChangeKind.SwitchedTo,
        newest.TargetGeneration > 0 ? newest.TargetGeneration.ToString() : system.ShortHash,
        Ours: newest.Kind == OperationKind.RollBack);
}
