using System.Collections.Immutable;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <param name="Proposal">The proposal.</param>
/// <param name="Comments">Oldest first.</param>
/// <param name="Servers">What becomes of each server.</param>
/// <param name="Files">What becomes of files that the form does not make; a side is null where there is no such file.</param>
public sealed record ProposalView(Proposal Proposal, ImmutableArray<ProposalComment> Comments, ImmutableArray<ProposedServer> Servers, ImmutableArray<ProposedFile> Files);

/// <param name="Name">Of the server, as its folder is called.</param>
/// <param name="Server">Null when it is no longer among the servers.</param>
/// <param name="Changes">Places that differ.</param>
/// <param name="From">The document before.</param>
/// <param name="To">The document as proposed.</param>
public sealed record ProposedServer(string Name, ServerId? Server, ImmutableArray<SettingsChange> Changes, SettingsDocument From, SettingsDocument To);

/// <param name="Path">From the root of the repository.</param>
/// <param name="From">The text before; null where there is no such file.</param>
/// <param name="To">The text as proposed.</param>
public sealed record ProposedFile(string Path, string? From, string? To);

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
            var known = await context.Servers.AsNoTracking().ToDictionaryAsync(s => s.Name, s => s.Id, cancellationToken);
            var repository = await repositories.OfAsync(caller.OrganisationId);
            var changes = await repository.DifferenceAsync(basis, content);
            var servers = new List<ProposedServer>();
            foreach (var name in changes.Keys.Select(ChangeSet.ServerOf).OfType<ServerName>().Distinct())
            {
                var settings = new ServerSettings(repository, name);
                var (from, to) = (await settings.ReadAsync(basis), await settings.ReadAsync(content));
                servers.Add(new ProposedServer(name.Text, known.TryGetValue(name.Text, out var id) ? id : null, SettingsChange.Between(from, to), from, to));
            }

            return new ProposalView(row, [.. comments], [.. servers], [.. changes.Where(change => !ChangeSet.IsOfForm(change.Key)).Select(change => new ProposedFile(change.Key, Text(change.Value.From), Text(change.Value.To)))]);
        }
    }

    private static string? Text(byte[]? contents) => contents is null ? null : Encoding.UTF8.GetString(contents);
}
