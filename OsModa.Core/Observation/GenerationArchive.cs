using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Observation;

/// <summary>Keeps what generations servers have had, across restarts of the dashboard: those that are gone stay in the history.</summary>
public sealed class GenerationArchive(Database database)
{
    /// <summary>All generations that were ever seen on a server, newest number first.</summary>
    public async Task<ImmutableArray<Generation>> LoadAsync(ServerId server, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var rows = await context.Set<GenerationHistory>().AsNoTracking().Where(row => row.ServerId == server).OrderByDescending(row => row.Number).ToListAsync(cancellationToken);
            return [.. rows.Select(row => row.ToGeneration()).OfType<Generation>()];
        }
    }

    /// <summary>The newest switch that is written down, by anybody; null: none is.</summary>
    public async Task<LastChange?> LastChangeAsync(ServerId server, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var newest = await context.Operations.AsNoTracking().Where(o => o.ServerId == server && o.State == OperationState.Verified).OrderByDescending(o => o.StartedAt).FirstOrDefaultAsync(cancellationToken);
            return newest is null || !StorePath.TryParse(newest.TargetSystem, out var system) ? null : new LastChange(
                newest.StartedAt,
                newest.OnlyNextBoot ? ChangeKind.NextBootSet : newest.TargetGeneration is > 0 and var number && number < newest.FromGeneration ? ChangeKind.RolledBackTo : ChangeKind.SwitchedTo,
                newest.TargetGeneration > 0 ? newest.TargetGeneration.ToString() : system.ShortHash,
                Ours: newest.Kind == OperationKind.RollBack);
        }
    }

    /// <summary>Writes down what is new or has changed; rows are never deleted.</summary>
    public async Task SaveAsync(Server server, ImmutableArray<Generation> generations, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            if (!await context.Servers.AnyAsync(s => s.Id == server.Id, cancellationToken))
            {
                return;
            }

            var rows = await context.Set<GenerationHistory>().Where(row => row.ServerId == server.Id).ToDictionaryAsync(row => (row.Number, row.System), cancellationToken);
            foreach (var generation in generations)
            {
                if (!rows.TryGetValue((generation.Number, generation.System.Text), out var row))
                {
                    row = new GenerationHistory
                    {
                        OrganisationId = server.OrganisationId, ServerId = server.Id, Number = generation.Number, System = generation.System.Text, FirstSeenAt = now,
                    };
                    context.Add(row);
                }

                row.Take(generation);
            }

            await context.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>The failure is one of the database, not of ours.</summary>
    internal static bool IsOfDatabase(Exception failed) => failed is DbException or DbUpdateException;
}
