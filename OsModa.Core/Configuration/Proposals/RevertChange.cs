using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Takes back what one commit did, as far as nobody changed the same places since: one more commit, nothing is deployed by it.</summary>
public sealed class RevertChange(Database database, ConfigurationRepositories repositories, LedgerWriter ledger, TimeProvider time)
{
    private const int MostTries = 5;

    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="commit">Which one.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    public async Task<Result<MergedProposal>> RunAsync(Caller caller, CommitId commit, string reason, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at this configuration, not change it. Somebody with the role operator can.");
        }

        try
        {
            var repository = await repositories.OfAsync(caller.OrganisationId);
            await repository.CatchUpAsync(cancellationToken);
            if (!await repository.HasAsync(commit) || await repository.ParentAsync(commit) is not { } parent)
            {
                return FieldErrors.Of("", "There is no such commit in the history, or nothing before it to go back to.");
            }

            return await ledger.DoAsync<MergedProposal>(caller, "configuration.revert", () => RevertAsync(caller, repository, commit, parent, reason), why: reason.Trim(), details: LedgerVerbs.Details(("commit", commit.Text)), cancellationToken: cancellationToken);
        }
        catch (RepositoryException broken)
        {
            return FieldErrors.Of("", broken.Message);
        }
    }

    private async Task<Result<MergedProposal>> RevertAsync(Caller caller, ConfigurationRepository repository, CommitId commit, CommitId parent, string reason)
    {
        try
        {
            var context = database.OpenFor(caller);
            await using (context)
            {
                var email = await context.Users.Where(p => p.Id == caller.PersonId).Select(p => p.Email).SingleOrDefaultAsync() ?? "";
                for (var tries = 0; tries < MostTries && await repository.HeadAsync() is { } head; tries++)
                {
                    var files = await ChangeSet.OntoAsync(repository, commit, parent, head);
                    if (!files.Done || files.Value.Count == 0)
                    {
                        return files.Done ? FieldErrors.Of("", "Nothing of this change is left to take back.") : files.Errors;
                    }

                    var title = (await repository.FindAsync(commit))?.Title ?? commit.Short;
                    if (await repository.CommitAsync(head, files.Value, new CommitWords(caller.Name, email, time.GetUtcNow(), $"Taken back: {title}", $"{reason}\n\nTakes back {commit}.")) is { } made)
                    {
                        var names = files.Value.Keys.Select(ChangeSet.ServerOf).Where(name => name is not null).Select(name => name!.Value.Text).Distinct(StringComparer.Ordinal).ToList();
                        return new MergedProposal(made, [.. await context.Servers.Where(s => names.Contains(s.Name)).OrderBy(s => s.Name).Select(s => s.Id).ToListAsync()]);
                    }
                }
            }

            return FieldErrors.Of("", "Others save faster than this can be taken back. Try again.");
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            return FieldErrors.Of("", broken.Message);
        }
    }
}
