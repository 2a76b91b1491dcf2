using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Writes what became of runs of checks, in the database and in the ledger.</summary>
public sealed class CheckRows(Database database, LedgerWriter ledger, TimeProvider time)
{
    internal const string Verb = "configuration.check";

    /// <summary>Runs that are under way, of all organisations.</summary>
    internal async Task<IReadOnlyList<CheckRun>> OpenAsync(CancellationToken cancellationToken)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.CheckRuns.AsNoTracking().Where(run => run.State == CheckState.Running).ToListAsync(cancellationToken);
        }
    }

    /// <summary>Where in the repository the inputs of the flake are pinned that a run evaluated; null where its server has no flake, or is not adopted any more.</summary>
    internal async Task<string?> LockAsync(CheckRun run)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            return await context.ServerSources.AsNoTracking().SingleOrDefaultAsync(s => s.ServerId == run.ServerId) is { Kind: SourceKind.Flake } source
                && await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == run.ServerId) is { } server
                ? source.OwnFlake ? $"{ServerSettings.FolderOf(server.Name)}/{NixFiles.Lock}" : NixFiles.Lock
                : null;
        }
    }

    internal async Task EndAsync(CheckRun run, CheckProgress progress)
    {
        var context = database.OpenForAll();
        await using (context)
        {
            var row = await context.CheckRuns.SingleOrDefaultAsync(r => r.Id == run.Id);
            if (row is not { State: CheckState.Running })
            {
                return;
            }

            (row.State, row.EndedAt, row.Steps, row.System, row.Outcome) = (progress.State, time.GetUtcNow(), CheckRecord.Write(progress), progress.System?.Text, progress.Outcome);
            await context.SaveChangesAsync();
        }

        var outcome = progress.State switch { CheckState.Passed => LedgerOutcome.Done, CheckState.Lost => LedgerOutcome.Unknown, _ => LedgerOutcome.Failed };
        await ledger.OutcomeAsync(Intent(run), outcome, progress.Outcome, LedgerVerbs.Details(("system", progress.System?.Text)));
    }

    /// <summary>What an outcome belongs to, also when another process wrote the intent.</summary>
    private static LedgerIntent Intent(CheckRun run) => new(run.Id, new LedgerActor(run.OrganisationId, run.AuthorId, run.AuthorName), Verb, run.ServerId);

    internal static ImmutableSortedDictionary<string, string> Details(CheckRun run) =>
        LedgerVerbs.Details(("run", run.Id.ToString()), ("commit", run.Commit), ("draft", run.IsDraft ? "yes" : null), ("builder", run.BuilderId?.ToString()));
}
