using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Makes one commit of a proposal, by its author. What others merged since stays; nothing is deployed by it.</summary>
public sealed class MergeProposal(Database database, ConfigurationRepositories repositories, ProposalNews news, LedgerWriter ledger, TimeProvider time)
{
    private const int MostTries = 5;

    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="proposal">Which one.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    /// <returns>The commit; or what stands against it, contradictions by the names of their options.</returns>
    public async Task<Result<MergedProposal>> RunAsync(Caller caller, Guid proposal, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at this proposal, not merge it. Somebody with the role operator can.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Proposals.SingleOrDefaultAsync(p => p.Id == proposal, cancellationToken) is not { } row)
            {
                return FieldErrors.Of("", "Your organisation has no such proposal.");
            }

            if (row.State == ProposalState.Closed)
            {
                return FieldErrors.Of("", $"It was closed by {row.EndedBy}.");
            }

            if (row is { State: ProposalState.Merged, Merged: { } merged })
            {
                return await AnswerAsync(context, caller, row, CommitId.TryParse(merged, out var before) ? before : throw new FormatException(merged));
            }

            if (row is { NeedsApproval: true, ApprovedById: null })
            {
                return FieldErrors.Of("", "It waits for the approval of a second person.");
            }

            return await ledger.DoAsync<MergedProposal>(caller, "configuration.merge", () => MergeAsync(context, caller, row), why: row.Reason,
                details: LedgerVerbs.Details(("proposal", row.Id.ToString()), ("title", row.Title), ("author", row.AuthorName), ("approvedBy", row.ApprovedBy)), cancellationToken: cancellationToken);
        }
    }

    private async Task<Result<MergedProposal>> MergeAsync(DashboardContext context, Caller caller, Proposal row)
    {
        try
        {
            var repository = await repositories.OfAsync(caller.OrganisationId);
            await repository.CatchUpAsync();
            var (basis, content) = (Parse(row.Basis), Parse(row.Content));
            for (var tries = 0; tries < MostTries; tries++)
            {
                if (await repository.HeadAsync() is not { } head)
                {
                    break;
                }

                // Killed between commit and row, it is found again by the mark that its message has.
                if (await repository.MergedAsync(row.Id) is { } done)
                {
                    return await KeepAsync(context, caller, row, done);
                }

                var files = await ChangeSet.OntoAsync(repository, basis, content, head);
                if (!files.Done)
                {
                    return files.Errors;
                }

                if (await repository.CommitAsync(head, files.Value, Words(caller, row), await repository.ExecutablesAsync(content)) is { } made)
                {
                    return await KeepAsync(context, caller, row, made);
                }
            }

            return FieldErrors.Of("", "Others save faster than this can be merged. Try again.");
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            return FieldErrors.Of("", broken.Message);
        }
    }

    private async Task<Result<MergedProposal>> KeepAsync(DashboardContext context, Caller caller, Proposal row, CommitId made)
    {
        (row.State, row.Merged, row.EndedAt, row.EndedBy) = (ProposalState.Merged, made.Text, time.GetUtcNow(), caller.Name);
        if (row is { TakenFrom: { } from, TakenAs: { } read } && await context.ServerSources.SingleOrDefaultAsync(s => s.ServerId == from) is { } source)
        {
            source.ReadCommit = read;
        }

        try
        {
            await context.SaveChangesAsync();
        }
        catch (DbUpdateConcurrencyException)
        {
            await InsistAsync(context, row);
        }

        news.Tell(row);
        return await AnswerAsync(context, caller, row, made);
    }

    // It was changed or closed in this moment, but the commit is in the history: the row tells what was merged, and not what came too late.
    private static async Task InsistAsync(DashboardContext context, Proposal row)
    {
        await context.Proposals.Where(p => p.Id == row.Id && p.State != ProposalState.Merged).ExecuteUpdateAsync(set => set
            .SetProperty(p => p.State, row.State).SetProperty(p => p.Merged, row.Merged).SetProperty(p => p.EndedAt, row.EndedAt).SetProperty(p => p.EndedBy, row.EndedBy)
            .SetProperty(p => p.Version, row.Version).SetProperty(p => p.Basis, row.Basis).SetProperty(p => p.Content, row.Content)
            .SetProperty(p => p.Title, row.Title).SetProperty(p => p.Reason, row.Reason).SetProperty(p => p.NeedsApproval, row.NeedsApproval)
            .SetProperty(p => p.ApprovedById, row.ApprovedById).SetProperty(p => p.ApprovedBy, row.ApprovedBy).SetProperty(p => p.ApprovedAt, row.ApprovedAt));
        if (row is { TakenFrom: { } from, TakenAs: { } read })
        {
            await context.ServerSources.Where(s => s.ServerId == from).ExecuteUpdateAsync(set => set.SetProperty(s => s.ReadCommit, read));
        }
    }

    private async Task<Result<MergedProposal>> AnswerAsync(DashboardContext context, Caller caller, Proposal row, CommitId made)
    {
        var repository = await repositories.OfAsync(caller.OrganisationId);
        var names = (await repository.DifferenceAsync(Parse(row.Basis), Parse(row.Content))).Keys.Select(ChangeSet.ServerOf).Where(name => name is not null).Select(name => name!.Value.Text).Distinct(StringComparer.Ordinal).ToList();
        return new MergedProposal(made, [.. await context.Servers.Where(s => names.Contains(s.Name)).OrderBy(s => s.Name).Select(s => s.Id).ToListAsync()]);
    }

    private CommitWords Words(Caller caller, Proposal row)
    {
        var seen = row.ApprovedBy.Length > 0 ? $"Approved-by: {row.ApprovedBy}\n" : "";
        var by = caller.PersonId == row.AuthorId ? "" : $"Merged-by: {caller.Name}\n";
        return new CommitWords(row.AuthorName, row.AuthorEmail, time.GetUtcNow(), row.Title, $"{row.Reason}\n\n{seen}{by}{ConfigurationRepository.ProposalMark}{row.Id:D}");
    }

    private static CommitId Parse(string text) => CommitId.TryParse(text, out var commit) ? commit : throw new FormatException($"The proposal names no proper commit: {text}");
}
