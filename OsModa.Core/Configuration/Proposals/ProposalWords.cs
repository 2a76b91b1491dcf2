using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>A second person stands for a proposal. A new version of it asks for a new approval.</summary>
public sealed class ApproveProposal(Database database, ProposalNews news, LedgerWriter ledger, TimeProvider time)
{
    /// <param name="caller">Must be allowed to act on servers, and not be the author.</param>
    /// <param name="proposal">Which one.</param>
    /// <param name="version">The one that the person looked at.</param>
    /// <param name="cancellationToken">Gives up before it is written.</param>
    /// <returns>Why nothing came of it, in one sentence; null when it is approved.</returns>
    public async Task<string?> RunAsync(Caller caller, Guid proposal, int version, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return "You may look at this proposal, not approve it. Somebody with the role operator can.";
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Proposals.SingleOrDefaultAsync(p => p.Id == proposal, cancellationToken) is not { } row)
            {
                return "Your organisation has no such proposal.";
            }

            if (row.State != ProposalState.Open || row.Version != version || row.AuthorId == caller.PersonId)
            {
                return row.State != ProposalState.Open ? "It is over already."
                    : row.Version != version ? $"{row.AuthorName} has changed it meanwhile. Look at the new version."
                    : "Another person than its author has to approve it.";
            }

            (row.ApprovedById, row.ApprovedBy, row.ApprovedAt) = (caller.PersonId, caller.Name, time.GetUtcNow());
            return await ledger.DoAsync(caller, "configuration.approve", () => ProposalEnd.SaveAsync(context, row, news), null, LedgerVerbs.Details(("proposal", row.Id.ToString()), ("title", row.Title), ("version", $"{row.Version}")), cancellationToken);
        }
    }
}

/// <summary>Gives a proposal up.</summary>
public sealed class CloseProposal(Database database, ProposalNews news, LedgerWriter ledger, TimeProvider time)
{
    /// <returns>Why nothing came of it, in one sentence; null when it is closed.</returns>
    public async Task<string?> RunAsync(Caller caller, Guid proposal, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return "You may look at this proposal, not close it. Somebody with the role operator can.";
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Proposals.SingleOrDefaultAsync(p => p.Id == proposal, cancellationToken) is not { } row)
            {
                return "Your organisation has no such proposal.";
            }

            if (row.State != ProposalState.Open)
            {
                return "It is over already.";
            }

            (row.State, row.EndedAt, row.EndedBy) = (ProposalState.Closed, time.GetUtcNow(), caller.Name);
            return await ledger.DoAsync(caller, "configuration.close", () => ProposalEnd.SaveAsync(context, row, news), null, LedgerVerbs.Details(("proposal", row.Id.ToString()), ("title", row.Title)), cancellationToken);
        }
    }
}

/// <summary>Says something about a proposal.</summary>
public sealed class CommentOnProposal(Database database, ProposalNews news, LedgerWriter ledger, TimeProvider time)
{
    /// <param name="caller">Anybody of the organisation.</param>
    /// <param name="proposal">Which one.</param>
    /// <param name="text">Several lines, as typed.</param>
    /// <param name="cancellationToken">Gives up before it is written.</param>
    public async Task<Result<ProposalComment>> RunAsync(Caller caller, Guid proposal, string text, CancellationToken cancellationToken)
    {
        var words = text.Trim();
        if (words.Length is 0 or > ProposalComment.LongestText)
        {
            return FieldErrors.Of(nameof(ProposalComment.Text), $"Write something, {ProposalComment.LongestText:N0} characters at most.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Proposals.AsNoTracking().SingleOrDefaultAsync(p => p.Id == proposal, cancellationToken) is not { } row)
            {
                return FieldErrors.Of("", "Your organisation has no such proposal.");
            }

            var now = time.GetUtcNow();
            var comment = context.ProposalComments.Add(new ProposalComment
            {
                Id = Guid.CreateVersion7(now), OrganisationId = caller.OrganisationId, ProposalId = row.Id, AuthorId = caller.PersonId, AuthorName = caller.Name, At = now, Version = row.Version, Text = words,
            }).Entity;
            return await ledger.DoAsync<ProposalComment>(
                caller,
                "configuration.comment",
                async () =>
                {
                    await context.SaveChangesAsync(CancellationToken.None);
                    news.Tell(row);
                    return comment;
                },
                details: LedgerVerbs.Details(("proposal", row.Id.ToString()), ("title", row.Title)),
                cancellationToken: cancellationToken);
        }
    }
}

internal static class ProposalEnd
{
    public static async Task<string?> SaveAsync(DashboardContext context, Proposal row, ProposalNews news)
    {
        try
        {
            await context.SaveChangesAsync();
            news.Tell(row);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            return "It was changed in this moment. Look again.";
        }
    }
}
