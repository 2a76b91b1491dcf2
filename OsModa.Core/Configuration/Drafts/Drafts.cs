using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>A person's changes to one server that are not proposed yet.</summary>
/// <param name="PersonId">Whose.</param>
/// <param name="Person">Their name.</param>
/// <param name="Basis">What they began with.</param>
/// <param name="Document">What they made of it.</param>
/// <param name="ChangedAt">When they last changed something.</param>
public sealed record Draft(Guid PersonId, string Person, SettingsAt Basis, SettingsDocument Document, DateTimeOffset ChangedAt)
{
    /// <summary>The open proposal that the person is changing; null for a new one.</summary>
    public Guid? Proposal { get; init; }

    public ImmutableArray<SettingsChange> Changes => SettingsChange.Between(Basis.Document, Document);
}

/// <summary>Drafts of all people, in the database: they survive a reload, a restart and a lost connection; others see them while they grow.</summary>
public sealed class Drafts(Database database, TimeProvider time)
{
    private readonly Listeners<ServerId> _changed = new();

    /// <summary>All drafts for a server, the newest first.</summary>
    public async Task<ImmutableArray<Draft>> OfAsync(Caller caller, ServerId server, CancellationToken cancellationToken = default)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            var rows = await context.ConfigurationDrafts.AsNoTracking().Where(draft => draft.ServerId == server).ToListAsync(cancellationToken);
            return [.. rows.OrderByDescending(row => row.ChangedAt).Select(Read).OfType<Draft>()];
        }
    }

    /// <summary>Keeps the caller's draft; one without a change is dropped.</summary>
    public Task SaveAsync(Caller caller, ServerId server, SettingsAt basis, SettingsDocument document, CancellationToken cancellationToken = default) =>
        SaveAsync(caller, server, basis, document, proposal: null, cancellationToken);

    /// <summary>The same for a draft that is to become the next version of <paramref name="proposal"/>.</summary>
    public async Task SaveAsync(Caller caller, ServerId server, SettingsAt basis, SettingsDocument document, Guid? proposal, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            throw new UnauthorizedAccessException("Viewers have no drafts.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            var row = await context.ConfigurationDrafts.SingleOrDefaultAsync(draft => draft.ServerId == server && draft.PersonId == caller.PersonId, cancellationToken);
            if (basis.Document.Equals(document))
            {
                if (row is null)
                {
                    return;
                }

                context.Remove(row);
            }
            else
            {
                var (before, after, now) = (DraftText.Write(basis.Document), DraftText.Write(document, proposal), time.GetUtcNow());
                if (row is null)
                {
                    context.Add(new ConfigurationDraft { ServerId = server, PersonId = caller.PersonId, OrganisationId = caller.OrganisationId, PersonName = caller.Name, Basis = basis.Commit?.Text, Before = before, Document = after, ChangedAt = now });
                }
                else
                {
                    (row.PersonName, row.Basis, row.Before, row.Document, row.ChangedAt) = (caller.Name, basis.Commit?.Text, before, after, now);
                }
            }

            await context.SaveChangesAsync(cancellationToken);
        }

        _changed.Tell(server);
    }

    /// <summary>Calls <paramref name="changed"/> after a draft for a server has changed, on the writer's thread: it must only set a mark and return.</summary>
    public IDisposable Subscribe(Action<ServerId> changed) => _changed.Add(changed);

    // A draft of another version that cannot be read any more is no reason to refuse the page.
    private static Draft? Read(ConfigurationDraft row)
    {
        try
        {
            var draft = DraftText.Read(row.Document);
            return new Draft(row.PersonId, row.PersonName, new SettingsAt(CommitId.TryParse(row.Basis, out var commit) ? commit : null, DraftText.Read(row.Before).ToDocument()), draft.ToDocument(), row.ChangedAt) { Proposal = draft.Proposal };
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
