using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// Takes back what one commit did, as far as nobody changed the same places since. That is a change as any other: it becomes a proposal, and one more
/// commit once that is merged; nothing is deployed by it.
/// </summary>
public sealed class RevertChange(Database database, ConfigurationRepositories repositories, ProposalNews news, LedgerWriter ledger, TimeProvider time)
{
    // The commit that is taken back is named beneath the reason.
    private const int LongestReason = Proposal.LongestReason - 100;

    /// <summary>What taking it back would change by now.</summary>
    /// <param name="caller">Anybody of the organisation.</param>
    /// <param name="commit">Which one.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>The change; or what stands against it, contradictions by the names of their options.</returns>
    public async Task<Result<ChangedParts>> PreviewAsync(Caller caller, CommitId commit, CancellationToken cancellationToken)
    {
        try
        {
            var repository = await repositories.OfAsync(caller.OrganisationId);
            var found = await FindAsync(repository, commit);
            if (!found.Done)
            {
                return found.Errors;
            }

            var context = database.OpenFor(caller);
            await using (context)
            {
                var then = await repository.ImagineAsync(found.Value.Head, found.Value.Files, new CommitWords(caller.Name, "", time.GetUtcNow(), "To be looked at", ""), found.Value.Executables);
                return await ChangedParts.BetweenAsync(repository, context, found.Value.Head, then, cancellationToken);
            }
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            return FieldErrors.Of("", broken.Message);
        }
    }

    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="form">Errors are named by its properties; contradictions by the names of their options, the empty name is about the whole.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    /// <returns>The proposal, which <see cref="MergeProposal"/> makes a commit of.</returns>
    public async Task<Result<Proposal>> RunAsync(Caller caller, RevertForm form, CancellationToken cancellationToken)
    {
        if (!caller.MayAct || form.Reason.Length > LongestReason)
        {
            return !caller.MayAct
                ? FieldErrors.Of("", "You may look at this configuration, not change it. Somebody with the role operator can.")
                : FieldErrors.Of(nameof(RevertForm.Reason), $"A reason has {LongestReason:N0} characters at most.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            var before = await context.Proposals.SingleOrDefaultAsync(p => p.Id == form.Id, cancellationToken);
            if (before is not null && (before.State != ProposalState.Open || before.AuthorId != caller.PersonId || (before.NeedsApproval == form.NeedsApproval && before.Reason == Reason(form))))
            {
                return before;
            }

            return await ledger.DoAsync<Proposal>(
                caller,
                "configuration.revert",
                () => before is null ? WriteAsync(caller, context, form, cancellationToken) : ChangeAsync(caller, context, before, form),
                why: form.Reason.Trim(),
                details: LedgerVerbs.Details(("commit", form.Commit.Text), ("proposal", form.Id.ToString())),
                cancellationToken: cancellationToken);
        }
    }

    private async Task<Result<Proposal>> WriteAsync(Caller caller, DashboardContext context, RevertForm form, CancellationToken cancellationToken)
    {
        try
        {
            var repository = await repositories.OfAsync(caller.OrganisationId);
            await repository.CatchUpAsync(cancellationToken);
            var found = await FindAsync(repository, form.Commit);
            if (!found.Done)
            {
                return found.Errors;
            }

            if (await AskedAsync(context, form, found.Value.Files.Keys, cancellationToken) is { } asked)
            {
                return FieldErrors.Of(nameof(RevertForm.Reason), asked);
            }

            var email = await context.Users.Where(p => p.Id == caller.PersonId).Select(p => p.Email).SingleOrDefaultAsync(CancellationToken.None) ?? "";
            var words = new CommitWords(caller.Name, email, time.GetUtcNow(), Title((await repository.FindAsync(form.Commit))?.Title ?? form.Commit.Short), Reason(form));
            var content = await repository.ProposeAsync(form.Id, found.Value.Head, found.Value.Files, words, found.Value.Executables);
            var proposal = context.Proposals.Add(Proposal.New(caller, form.Id, words, found.Value.Head, content, form.NeedsApproval)).Entity;
            await context.SaveChangesAsync(CancellationToken.None);
            news.Tell(proposal);
            return proposal;
        }
        catch (DbUpdateException)
        {
            return FieldErrors.Of("", "It was sent twice in this moment. Look again.");
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            return FieldErrors.Of("", broken.Message);
        }
    }

    // Sent again with other words: the same change, but who approved it did not read them.
    private async Task<Result<Proposal>> ChangeAsync(Caller caller, DashboardContext context, Proposal row, RevertForm form)
    {
        if (row.NewVersion(caller, time.GetUtcNow()) is { } withdrawn)
        {
            context.ProposalComments.Add(withdrawn);
        }

        (row.NeedsApproval, row.Reason) = (form.NeedsApproval, Reason(form));
        try
        {
            await context.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateConcurrencyException)
        {
            return FieldErrors.Of("", "This proposal was changed or merged in this moment. Look again.");
        }

        news.Tell(row);
        return row;
    }

    // As for any other change: why a production server is touched has to be said.
    private static async Task<string?> AskedAsync(DashboardContext context, RevertForm form, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var names = paths.Select(ChangeSet.ServerOf).OfType<ServerName>().Select(name => name.Text).Distinct(StringComparer.Ordinal).ToList();
        return form.Reason.AsSpan().Trim().IsEmpty && (await context.Servers.AsNoTracking().Where(s => names.Contains(s.Name)).OrderBy(s => s.Name).ToListAsync(cancellationToken)).Find(RollBackRules.NeedsReason) is { } careful
            ? $"Say why: {careful.Name} is tagged {RollBackRules.ProductionTag}."
            : null;
    }

    private static string Reason(RevertForm form) => $"{form.Reason.Trim()}\n\nTakes back {form.Commit}.".Trim();

    private static string Title(string of)
    {
        var title = $"Taken back: {of}";
        return title.Length > Proposal.LongestTitle ? title[..(Proposal.LongestTitle - 1)] + "…" : title;
    }

    private static async Task<Result<Reverted>> FindAsync(ConfigurationRepository repository, CommitId commit)
    {
        if (!await repository.HasAsync(commit) || await repository.ParentAsync(commit) is not { } parent || await repository.HeadAsync() is not { } head)
        {
            return FieldErrors.Of("", "There is no such commit in the history, or nothing before it to go back to.");
        }

        var files = await ChangeSet.OntoAsync(repository, commit, parent, head);
        return !files.Done ? files.Errors : files.Value.Count == 0 ? FieldErrors.Of("", "Nothing of this change is left to take back.") : new Reverted(head, files.Value, await repository.ExecutablesAsync(parent));
    }

    private sealed record Reverted(CommitId Head, Dictionary<string, byte[]?> Files, IReadOnlySet<string> Executables);
}
