using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Writes a change down for others to look at. Nothing of it is in the history before it is merged.</summary>
public sealed class ProposeChange(Database database, ConfigurationRepositories repositories, ProposalNews news, LedgerWriter ledger, TimeProvider time)
{
    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="form">Errors are named by its properties; the empty name is about the whole.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    public async Task<Result<Proposal>> RunAsync(Caller caller, ProposalForm form, CancellationToken cancellationToken)
    {
        if (Fault(caller, form) is { } fault)
        {
            return fault;
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            var before = await context.Proposals.SingleOrDefaultAsync(p => p.Id == form.Id, cancellationToken);
            if (before is { State: not ProposalState.Open })
            {
                return FieldErrors.Of("", "This proposal is over. Make a new one.");
            }

            if (before is not null && before.AuthorId != caller.PersonId)
            {
                return FieldErrors.Of("", $"This is a proposal of {before.AuthorName}. Comment on it, or make one of your own.");
            }

            var ids = form.Changes.Select(change => change.Server).ToList();
            var servers = await context.Servers.AsNoTracking().Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellationToken);
            if (ids.Any(id => !servers.ContainsKey(id)))
            {
                return FieldErrors.Of("", "Your organisation has no such server.");
            }

            if (form.Reason.AsSpan().Trim().IsEmpty && servers.Values.Where(RollBackRules.NeedsReason).OrderBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault() is { } careful)
            {
                return FieldErrors.Of(nameof(ProposalForm.Reason), $"Say why: {careful.Name} is tagged {RollBackRules.ProductionTag}.");
            }

            var details = LedgerVerbs.Details(("proposal", form.Id.ToString()), ("title", form.Title.Trim()), ("servers", string.Join(' ', servers.Values.Select(s => s.Name).Order(StringComparer.Ordinal))));
            return await ledger.DoAsync<Proposal>(caller, "configuration.propose", () => WriteAsync(caller, context, before, form, servers), ids.Count == 1 ? ids[0] : null, form.Reason.Trim(), details, cancellationToken);
        }
    }

    private static FieldErrors? Fault(Caller caller, ProposalForm form)
    {
        var errors = new FieldErrors();
        errors.Add("", caller.MayAct ? null : "You may look at this configuration, not propose changes to it. Somebody with the role operator can.");
        errors.Add("", form.Changes.IsDefaultOrEmpty ? "Nothing is changed." : null);
        errors.Add(nameof(ProposalForm.Title), Proposal.TitleFault(form.Title.Trim()));
        errors.Add(nameof(ProposalForm.Reason), form.Reason.Length > Proposal.LongestReason ? $"A reason has {Proposal.LongestReason:N0} characters at most." : null);
        return errors.None ? null : errors;
    }

    private async Task<Result<Proposal>> WriteAsync(Caller caller, DashboardContext context, Proposal? before, ProposalForm form, Dictionary<ServerId, Server> servers)
    {
        try
        {
            var repository = await repositories.OfAsync(caller.OrganisationId);
            if (await repository.HeadAsync() is not { } head)
            {
                return FieldErrors.Of("", "The repository has no configuration yet. Adopt the server first.");
            }

            if (await NotAdoptedAsync(context, repository, head, servers.Values) is { } alone)
            {
                return FieldErrors.Of("", $"The configuration of {alone.Name} is not in the repository yet. Adopt it first.");
            }

            var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
            foreach (var change in form.Changes)
            {
                var merged = await MergedAsync(repository, head, servers[change.Server], change);
                if (!merged.Done)
                {
                    return merged.Errors;
                }

                foreach (var (path, contents) in merged.Value)
                {
                    files[path] = contents;
                }
            }

            if (before is not null && await CarryAsync(repository, before, head, files) is { None: false } changed)
            {
                return changed;
            }

            if (files.Count == 0)
            {
                return FieldErrors.Of("", "This is what the repository has already.");
            }

            var email = await context.Users.Where(p => p.Id == caller.PersonId).Select(p => p.Email).SingleOrDefaultAsync() ?? "";
            var words = new CommitWords(caller.Name, email, time.GetUtcNow(), form.Title, form.Reason);
            var content = await repository.ProposeAsync(form.Id, head, files, words, await ExecutablesAsync(repository, before, head));
            var proposal = before ?? context.Proposals.Add(Proposal.New(caller, form.Id, words, head, content, form.NeedsApproval)).Entity;
            if (before?.NewVersion(caller, words.At) is { } withdrawn)
            {
                context.ProposalComments.Add(withdrawn);
            }

            (proposal.Title, proposal.Reason, proposal.NeedsApproval) = (form.Title.Trim(), form.Reason.Trim(), form.NeedsApproval);
            (proposal.Basis, proposal.Content) = (head.Text, content.Text);
            await context.SaveChangesAsync();
            news.Tell(proposal);
            return proposal;
        }
        catch (DbUpdateException)
        {
            return FieldErrors.Of("", "This proposal was changed or merged in this moment. Look again.");
        }
        catch (Exception broken) when (broken is RepositoryException or FormatException)
        {
            return FieldErrors.Of("", broken.Message);
        }
    }

    // A folder with nothing but the form in it would be no system. Somebody's own files may be there before the server is adopted.
    private static async Task<Server?> NotAdoptedAsync(DashboardContext context, ConfigurationRepository repository, CommitId head, IReadOnlyCollection<Server> servers)
    {
        var ids = servers.Select(server => server.Id).ToList();
        var adopted = await context.ServerSources.Where(source => ids.Contains(source.ServerId)).Select(source => source.ServerId).ToListAsync();
        var others = servers.Where(server => !adopted.Contains(server.Id)).ToList();
        if (others.Count == 0)
        {
            return null;
        }

        var there = await repository.ReadAsync(head, "");
        return others.Find(server => !there.Keys.Any(path => AdoptServer.IsByHand(ServerSettings.FolderOf(server.Name), path)));
    }

    // Files that are none of the form's stay in it; what somebody else made of one since is neither overwritten nor a reason to drop it unseen.
    private static async Task<FieldErrors> CarryAsync(ConfigurationRepository repository, Proposal before, CommitId head, Dictionary<string, byte[]?> files)
    {
        var errors = new FieldErrors();
        if (!CommitId.TryParse(before.Basis, out var basis) || !CommitId.TryParse(before.Content, out var content))
        {
            return errors;
        }

        var (there, kept) = await repository.ReadWholeAsync(head, "");
        var (old, made) = (await repository.ExecutablesAsync(basis), await repository.ExecutablesAsync(content));
        foreach (var (path, (from, to)) in (await repository.DifferenceAsync(basis, content)).Where(change => !ChangeSet.IsOfForm(change.Key) && !files.ContainsKey(change.Key)))
        {
            var now = there.GetValueOrDefault(path);
            if (ChangeSet.Same(path, now, kept, from, old))
            {
                files[path] = to;
            }
            else if (!ChangeSet.Same(path, now, kept, to, made))
            {
                errors.Add(path, $"Somebody else changed {path} meanwhile, which this proposal changes, too. Give it up and make a new one.");
            }
        }

        return errors;
    }

    // Files of an earlier version stay as executable as they are in it.
    private static async Task<IReadOnlySet<string>> ExecutablesAsync(ConfigurationRepository repository, Proposal? before, CommitId head) =>
        await repository.ExecutablesAsync(before is not null && CommitId.TryParse(before.Content, out var content) ? content : head);

    // What others merged since the person began is in it; only a place that both changed stops it.
    private static async Task<Result<Dictionary<string, byte[]?>>> MergedAsync(ConfigurationRepository repository, CommitId head, Server server, ProposedSettings change)
    {
        if (!ServerName.TryParse(server.Name, out var name, out var error))
        {
            return FieldErrors.Of("", error);
        }

        var settings = new ServerSettings(repository, name);
        var there = await settings.ReadAsync(head);
        var merge = SettingsMerge.Of(change.Basis.Document, there, change.Document);
        var errors = new FieldErrors();
        foreach (var contradiction in merge.Contradictions)
        {
            errors.Add(contradiction.Path.Text, $"Somebody else changed {contradiction.Path} of {name} meanwhile. Decide between the two.");
        }

        // The form has said so before; from here on it would stay in the history for ever.
        foreach (var added in SettingsChange.Between(there, merge.Document).Select(made => made.To).OfType<Setting>())
        {
            errors.Add(added.Path.Text, PlainSecret.Faults(added.Path.Parts, added.Value).FirstOrDefault()?.Sentence);
        }

        return errors.None ? await settings.FilesAsync(head, merge.Document) : errors;
    }
}
