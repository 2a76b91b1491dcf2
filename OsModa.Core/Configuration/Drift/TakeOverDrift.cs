using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// Proposes to take what somebody changed in <c>/etc/nixos</c> of an adopted server into the repository: what differs from what was read there last is brought
/// onto the newest commit. What was read counts as read last only once that is merged, so a proposal that is given up hides nothing. To undo such changes
/// instead, the newest commit is rolled out to the server.
/// </summary>
public sealed class TakeOverDrift(Database database, ShellOf shells, ConfigurationRepositories repositories, RunCheck check, ProposalNews news, LedgerWriter ledger, TimeProvider time)
{
    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="form">Errors are named by its properties, files that somebody else changed by their paths; the empty name is about the whole.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    /// <returns>What was read, with its proposal: the one that is open for this server already where there is one. Without a proposal where the repository has it all.</returns>
    public async Task<Result<Adoption>> RunAsync(Caller caller, TakeOverForm form, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at this server, not take over what was changed on it. Somebody with the role operator can.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == form.Server, cancellationToken) is not { } row)
            {
                return FieldErrors.Of("", "Your organisation has no such server.");
            }

            if (await OpenAsync(context, form.Server, cancellationToken) is { } open)
            {
                return open;
            }

            if (await context.ServerSources.SingleOrDefaultAsync(s => s.ServerId == form.Server, cancellationToken) is not { } source || !CommitId.TryParse(source.ReadCommit, out var basis))
            {
                return FieldErrors.Of("", $"{row.Name} is not in the repository yet. Adopt it first.");
            }

            if (Fault(row, form) is { } fault)
            {
                return fault;
            }

            var read = await ServerFiles.ReadAsync(shells, form.Server, cancellationToken);
            if (!read.Done)
            {
                return read.Errors;
            }

            if (AdoptServer.Collision(read.Value) is { } collision)
            {
                return FieldErrors.Of("", collision);
            }

            var id = Guid.CreateVersion7(time.GetUtcNow());
            var details = LedgerVerbs.Details(("system", read.Value.System.Text), ("proposal", id.ToString()), ("title", form.Title.Trim()));
            var taken = await ledger.DoAsync<Adoption>(
                caller, "configuration.take-over", () => ProposeAsync(caller, context, row, source, basis, read.Value, form, id), form.Server, form.Reason.Trim(), details, cancellationToken: cancellationToken);
            if (!taken.Done)
            {
                return taken;
            }

            // Whoever decides sees what becomes of the system; where it comes to what runs, that is the proof that nothing was missed.
            var run = await check.StartAsync(caller, new CheckRequest { Sheet = Guid.CreateVersion7(time.GetUtcNow()), Server = form.Server, Commit = taken.Value.Commit }, cancellationToken);
            return run.Done ? taken.Value with { Check = run.Value.Id } : taken.Value with { CheckFault = run.Errors.ByField.Values.First() };
        }
    }

    private static FieldErrors? Fault(Server server, TakeOverForm form)
    {
        var errors = new FieldErrors();
        errors.Add(nameof(TakeOverForm.Title), Proposal.TitleFault(form.Title.Trim()));
        errors.Add(nameof(TakeOverForm.Reason), RollBackRules.ReasonTrouble(form.Reason, RollBackRules.NeedsReason(server) ? $"Say why: {server.Name} is tagged {RollBackRules.ProductionTag}." : null));
        return errors.None ? null : errors;
    }

    private static async Task<Adoption?> OpenAsync(DashboardContext context, ServerId server, CancellationToken cancellationToken = default) =>
        await context.Proposals.AsNoTracking().SingleOrDefaultAsync(p => p.TakenFrom == server && p.State == ProposalState.Open, cancellationToken) is { } open && CommitId.TryParse(open.Content, out var content)
            ? new Adoption(content, [], [], null, null) { Proposal = open.Id }
            : null;

    private async Task<Result<Adoption>> ProposeAsync(Caller caller, DashboardContext context, Server row, ServerSource source, CommitId basis, ServerFiles read, TakeOverForm form, Guid id)
    {
        try
        {
            var repository = await repositories.OfAsync(caller.OrganisationId);
            await repository.CatchUpAsync();
            var folder = ServerSettings.FolderOf(row.Name);
            var changed = await ChangedAsync(repository, basis, folder, read);
            if (changed.Count == 0)
            {
                return FieldErrors.Of("", $"The files in /etc/nixos of {row.Name} are what was read there last. What it runs came another way: compare the two systems, or roll the newest commit out to undo it.");
            }

            var exposed = read.Exposed.Where(file => changed.ContainsKey($"{folder}/{file.Path}")).ToImmutableArray();
            var email = await context.Users.Where(p => p.Id == caller.PersonId).Select(p => p.Email).SingleOrDefaultAsync() ?? "";
            var words = new CommitWords(caller.Name, email, time.GetUtcNow(), form.Title.Trim(), Reason(form, read, exposed));
            var aside = await repository.ProposeAsync(Guid.CreateVersion7(time.GetUtcNow()), basis, changed, words, read.ExecutablesIn(folder));
            if (await repository.HeadAsync() is not { } head)
            {
                return FieldErrors.Of("", "The repository has no history.");
            }

            var files = await ChangeSet.OntoAsync(repository, basis, aside, head);
            if (!files.Done)
            {
                return files.Errors;
            }

            if (files.Value.Count == 0)
            {
                // Somebody wrote the same in the repository: there is nothing to decide about.
                source.ReadCommit = aside.Text;
                await context.SaveChangesAsync();
                return new Adoption(head, [], read.Left, null, null);
            }

            var content = await repository.ProposeAsync(id, head, files.Value, words, await repository.ExecutablesAsync(aside));
            var proposal = context.Proposals.Add(Proposal.New(caller, id, words, head, content, form.NeedsApproval)).Entity;
            (proposal.TakenFrom, proposal.TakenAs) = (row.Id, aside.Text);
            await context.SaveChangesAsync();
            news.Tell(proposal);
            // The commit may hold more: what the form makes, and a flake.nix that a repository of somebody's own does not have.
            return new Adoption(content, [.. files.Value.Keys.Where(path => AdoptServer.IsByHand(folder, path)).Select(path => path[(folder.Length + 1)..])], read.Left, null, null)
            {
                Exposed = [.. exposed.Where(file => files.Value.ContainsKey($"{folder}/{file.Path}"))],
                Proposal = id,
            };
        }
        catch (DbUpdateException taken) when (taken.IsDuplicate())
        {
            context.ChangeTracker.Clear();
            return await OpenAsync(context, row.Id) is { } open ? open : FieldErrors.Of("", "Somebody else took it over in this moment. Look again.");
        }
        catch (RepositoryException broken)
        {
            return FieldErrors.Of("", broken.Message);
        }
        catch (FormatException odd)
        {
            return FieldErrors.Of("", $"What the form says of {row.Name} cannot be read in the repository: {odd.Message} Mend that there first.");
        }
    }

    // By their paths in the repository; null where a file is gone.
    private static async Task<Dictionary<string, byte[]?>> ChangedAsync(ConfigurationRepository repository, CommitId basis, string folder, ServerFiles read)
    {
        var (before, old) = await repository.ReadWholeAsync(basis, folder);
        var executables = read.ExecutablesIn(folder);
        return read.Files.Select(file => KeyValuePair.Create($"{folder}/{file.Key}", (byte[]?)file.Value))
            .Concat(before.Keys.Where(path => AdoptServer.IsByHand(folder, path) && read.IsGone(path[(folder.Length + 1)..])).Select(path => KeyValuePair.Create(path, (byte[]?)null)))
            .Where(file => file.Value is null || !ChangeSet.Same(file.Key, before.GetValueOrDefault(file.Key), old, file.Value, executables))
            .ToDictionary(StringComparer.Ordinal);
    }

    // As many of the files with what looks like a secret as a reason has room for.
    private static string Reason(TakeOverForm form, ServerFiles read, ImmutableArray<FileExposed> exposed)
    {
        var reason = $"{form.Reason.Trim()}\n\nRead from its /etc/nixos while {read.System.Name} ran.\n{FileExposed.Words(exposed)}".Trim();
        return reason.Length <= Proposal.LongestReason ? reason : reason[..(reason.LastIndexOf('\n', Proposal.LongestReason - 2) + 1)] + "…";
    }
}
