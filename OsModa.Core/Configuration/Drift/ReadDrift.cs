using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Tells whether a server runs what the repository says. Asks nobody: what was observed, built and deployed is known.</summary>
public sealed class ReadDrift(Database database, Fleet fleet, ConfigurationRepositories repositories)
{
    private const int MostRuns = 500, MostCompared = 20;

    /// <summary>Null when the organisation has no such server.</summary>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<ServerDrift?> RunAsync(Caller caller, ServerId server, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == server, cancellationToken) is not { } row)
            {
                return null;
            }

            var state = fleet[server];
            var running = state.Pins?.Current;
            var repository = await repositories.OfAsync(caller.OrganisationId);
            var head = await repository.HeadAsync();
            var revision = state.Generations.LastOrDefault(g => g.System == running && g.GoneAt is null)?.ConfigurationRevision;
            var waiting = await context.Proposals.AsNoTracking().SingleOrDefaultAsync(p => p.TakenFrom == server && p.State == ProposalState.Open, cancellationToken);
            ServerDrift As(DriftKind kind, string sentence, CommitId? from = null, StorePath? wanted = null) => new(
                kind, sentence, running, from, head, wanted, revision, revision?.EndsWith("-dirty", StringComparison.Ordinal) == true, state.Pins is { NextBoot: { } next } && next != running) { Waiting = waiting };

            if (head is null || !await context.ServerSources.AnyAsync(s => s.ServerId == server, cancellationToken))
            {
                return As(DriftKind.NotAdopted, $"{row.Name} is not in the repository: what it runs is described on the server alone.");
            }

            if (running is null)
            {
                return As(DriftKind.NotHeard, $"{row.Name} does not tell what it runs.");
            }

            var built = await context.CheckRuns.AsNoTracking().Where(r => r.ServerId == server && r.State == CheckState.Passed && !r.IsDraft).OrderByDescending(r => r.StartedAt).Take(MostRuns)
                .Select(r => new { r.Commit, r.System }).ToListAsync(cancellationToken);
            var same = await SameAsync(repository, row.Name, built.Select(r => r.Commit), head.Value);
            var wanted = built.Find(r => r.Commit == same);
            var from = await KnownAsync(repository, built.Where(r => r.System == running.Value.Text).Select(r => r.Commit));
            StorePath? want = StorePath.TryParse(wanted?.System, out var path) ? path : null;
            return want == running ? As(DriftKind.InStep, $"{row.Name} runs what the repository says.", from, want)
                : built.Count == 0 ? As(DriftKind.NotBuilt, $"Nothing of the repository was built for {row.Name} yet, so it is not known whether that is what it runs.")
                : from is null ? As(DriftKind.Foreign, $"{row.Name} runs a system that did not come from the repository: {await WhoAsync(context, server, running.Value, cancellationToken)}.", null, want)
                : want is null ? As(DriftKind.NotBuilt, $"The newest commit was not built for {row.Name} yet, so it is not known whether it changes anything there.", from)
                : As(DriftKind.Behind, $"{row.Name} runs what commit {from.Value.Short} came to. Newer changes were not deployed.", from, want);
        }
    }

    /// <summary>Which servers the newest commit says something else of than an earlier one, by their names.</summary>
    /// <param name="caller">Anybody of the organisation.</param>
    /// <param name="commit">The earlier one.</param>
    /// <param name="servers">Names of the servers that are asked for.</param>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<ImmutableArray<string>> NewerAsync(Caller caller, CommitId commit, IEnumerable<string> servers)
    {
        var repository = await repositories.OfAsync(caller.OrganisationId);
        if (await repository.HeadAsync() is not { } head || head == commit || !await repository.HasAsync(commit))
        {
            return [];
        }

        var newer = ImmutableArray.CreateBuilder<string>();
        foreach (var server in servers)
        {
            if (!await LeavesAsync(repository, server, commit, head))
            {
                newer.Add(server);
            }
        }

        return newer.ToImmutable();
    }

    // The newest commit that comes to what the newest one of all comes to, because nothing between them concerns the server; null where none was built.
    private static async Task<string?> SameAsync(ConfigurationRepository repository, string server, IEnumerable<string> built, CommitId head)
    {
        foreach (var text in built.Distinct(StringComparer.Ordinal).Take(MostCompared))
        {
            if (text == head.Text || (CommitId.TryParse(text, out var commit) && await repository.HasAsync(commit) && await LeavesAsync(repository, server, commit, head)))
            {
                return text;
            }
        }

        return null;
    }

    // What a proposal would make is of no commit yet, also where that is what runs.
    private static async Task<CommitId?> KnownAsync(ConfigurationRepository repository, IEnumerable<string> built)
    {
        foreach (var text in built.Distinct(StringComparer.Ordinal).Take(MostCompared))
        {
            if (CommitId.TryParse(text, out var commit) && await repository.HasAsync(commit))
            {
                return commit;
            }
        }

        return null;
    }

    private static async Task<bool> LeavesAsync(ConfigurationRepository repository, string server, CommitId from, CommitId to)
    {
        var concern = (await repository.DifferenceAsync(from, to)).Where(change => ConfiguredSource.Concerns(server, change.Key) && !IsNewElsewhere(server, change)).ToList();
        // The first pins of a flake were made by the build of a commit without any, and are those that it was built with.
        return concern.Count == 0
            || (concern is [var only] && (only.Key == NixFiles.Lock || only.Key == $"{ServerSettings.FolderOf(server)}/{NixFiles.Lock}") && only.Value.From is null && (await repository.HistoryAsync(only.Key, 2)).Length == 1);
    }

    // What came into another server's folder since was not there to be imported by what was built.
    private static bool IsNewElsewhere(string server, KeyValuePair<string, (byte[]? From, byte[]? To)> change) => change.Value.From is null && ChangeSet.ServerOf(change.Key) is { } other && other.Text != server;

    // The newest switch that led there; people of the organisation may have gone back to a generation from before the repository.
    private static async Task<string> WhoAsync(DashboardContext context, ServerId server, StorePath running, CancellationToken cancellationToken) =>
        await context.Operations.AsNoTracking().Where(o => o.ServerId == server && o.State == OperationState.Verified && !o.OnlyNextBoot).OrderByDescending(o => o.StartedAt).FirstOrDefaultAsync(cancellationToken) is { } last
            && last.Kind != OperationKind.Elsewhere && last.TargetSystem == running.Text
            ? $"{last.AuthorName} went to it from here"
            : "somebody switched it behind our back";
}
