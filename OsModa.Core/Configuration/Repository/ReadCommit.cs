using OsModa.Core.Accounts;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <param name="Commit">The commit.</param>
/// <param name="Parent">The one before it; null for the first.</param>
/// <param name="Changed">What it changed.</param>
public sealed record CommitView(Commit Commit, CommitId? Parent, ChangedParts Changed);

/// <summary>One commit of an organisation's history with what it changed: fields of the form, and files.</summary>
public sealed class ReadCommit(Database database, ConfigurationRepositories repositories)
{
    /// <returns>Null when the history of the caller's organisation has no such commit.</returns>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<CommitView?> RunAsync(Caller caller, CommitId commit, CancellationToken cancellationToken)
    {
        var repository = await repositories.OfAsync(caller.OrganisationId);
        if (!await repository.HasAsync(commit) || await repository.FindAsync(commit) is not { } found)
        {
            return null;
        }

        var parent = await repository.ParentAsync(commit);
        var context = database.OpenFor(caller);
        await using (context)
        {
            return new CommitView(found, parent, await ChangedParts.BetweenAsync(repository, context, parent, commit, cancellationToken));
        }
    }
}
