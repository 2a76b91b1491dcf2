using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <param name="Proposal">The proposal.</param>
/// <param name="Comments">Oldest first.</param>
/// <param name="Changed">What it changes.</param>
public sealed record ProposalView(Proposal Proposal, ImmutableArray<ProposalComment> Comments, ChangedParts Changed)
{
    /// <summary>What becomes of each server.</summary>
    public ImmutableArray<ProposedServer> Servers => Changed.Servers;

    /// <summary>What becomes of files that the form does not make.</summary>
    public ImmutableArray<ProposedFile> Files => Changed.Files;
}

/// <param name="Proposal">One that waits for a decision.</param>
/// <param name="Servers">Those of the organisation that it is about.</param>
public sealed record WaitingProposal(Proposal Proposal, ImmutableArray<ServerId> Servers);

/// <summary>Proposals of an organisation.</summary>
public sealed class ProposalList(Database database, ConfigurationRepositories repositories)
{
    private const int MostRows = 200;

    /// <summary>Those that wait for a decision, the newest change first; then those that are over.</summary>
    public async Task<IReadOnlyList<Proposal>> ListAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Proposals.AsNoTracking().OrderByDescending(p => p.State == ProposalState.Open).ThenByDescending(p => p.ChangedAt).Take(MostRows).ToListAsync(cancellationToken);
        }
    }

    /// <summary>Those that wait for a decision, the newest change first.</summary>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<IReadOnlyList<WaitingProposal>> WaitingAsync(Caller caller, int most, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            var open = await context.Proposals.AsNoTracking().Where(p => p.State == ProposalState.Open).OrderByDescending(p => p.ChangedAt).Take(most).ToListAsync(cancellationToken);
            if (open.Count == 0)
            {
                return [];
            }

            var known = await context.Servers.AsNoTracking().ToDictionaryAsync(s => s.Name, s => s.Id, cancellationToken);
            var repository = await repositories.OfAsync(caller.OrganisationId);
            var waiting = new List<WaitingProposal>();
            foreach (var proposal in open)
            {
                ImmutableArray<ServerId> about = [];
                if (CommitId.TryParse(proposal.Basis, out var basis) && CommitId.TryParse(proposal.Content, out var content))
                {
                    var names = (await repository.DifferenceAsync(basis, content)).Keys.Select(ChangeSet.ServerOf).OfType<ServerName>().Distinct();
                    about = [.. names.Where(name => known.ContainsKey(name.Text)).Select(name => known[name.Text])];
                }

                waiting.Add(new WaitingProposal(proposal, about));
            }

            return waiting;
        }
    }

    /// <summary>One proposal with all that belongs to it; null when the organisation has no such one.</summary>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<ProposalView?> FindAsync(Caller caller, Guid proposal, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Proposals.AsNoTracking().SingleOrDefaultAsync(p => p.Id == proposal, cancellationToken) is not { } row
                || !CommitId.TryParse(row.Basis, out var basis) || !CommitId.TryParse(row.Content, out var content))
            {
                return null;
            }

            var comments = await context.ProposalComments.AsNoTracking().Where(c => c.ProposalId == proposal).OrderBy(c => c.At).ThenBy(c => c.Id).Take(MostRows).ToListAsync(cancellationToken);
            var repository = await repositories.OfAsync(caller.OrganisationId);
            return new ProposalView(row, [.. comments], await ChangedParts.BetweenAsync(repository, context, basis, content, cancellationToken));
        }
    }
}
