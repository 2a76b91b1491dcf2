using System.Text;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// Proposes to import a module for secrets on a server of the repository's own flake. Which version of it is taken is pinned by the first evaluation, as that of
/// any input. What a person wrote or changed is never rewritten: for that there are lines to paste.
/// </summary>
public sealed class SetUpSecrets(Database database, ConfigurationRepositories repositories, RunCheck check, ProposalNews news, LedgerWriter ledger, TimeProvider time)
{
    /// <summary>How it is done for a server.</summary>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public async Task<SecretsFound> FindAsync(Caller caller, ServerId server, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == server, cancellationToken) is { } row
                ? (await LookAsync(context, await repositories.OfAsync(caller.OrganisationId), row, cancellationToken)).Found
                : new SecretsFound(SecretsWay.NotAdopted, "", SecretModule.All);
        }
    }

    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="form">Errors are named by its properties; the empty name is about the whole.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    /// <returns>The proposal: the one that is open for the same already where there is one.</returns>
    public async Task<Result<Proposal>> RunAsync(Caller caller, SecretsForm form, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at this configuration, not propose changes to it. Somebody with the role operator can.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == form.Server, cancellationToken) is not { } row)
            {
                return FieldErrors.Of("", "Your organisation has no such server.");
            }

            if (RollBackRules.ReasonTrouble(form.Reason, RollBackRules.NeedsReason(row) ? $"Say why: {row.Name} is tagged {RollBackRules.ProductionTag}." : null) is { } trouble)
            {
                return FieldErrors.Of(nameof(SecretsForm.Reason), trouble);
            }

            try
            {
                var repository = await repositories.OfAsync(caller.OrganisationId);
                await repository.CatchUpAsync(cancellationToken);
                var file = $"{ServerSettings.FolderOf(row.Name)}/{form.Module.File}";
                if (await OpenAsync(context, repository, file, cancellationToken) is { } open)
                {
                    return open;
                }

                var look = await LookAsync(context, repository, row, cancellationToken);
                if (Fault(look, form.Module, file) is { } fault)
                {
                    return FieldErrors.Of("", fault);
                }

                var id = Guid.CreateVersion7(time.GetUtcNow());
                var details = LedgerVerbs.Details(("proposal", id.ToString()), ("title", Title(row, form)), ("servers", row.Name));
                var proposed = await ledger.DoAsync<Proposal>(caller, "configuration.propose", () => WriteAsync(caller, context, repository, look, row, form, id), row.Id, form.Reason.Trim(), details, cancellationToken);
                if (proposed.Done && CommitId.TryParse(proposed.Value.Content, out var content))
                {
                    // Where that cannot begin now, the sheet of the proposal says so and offers it.
                    await check.StartAsync(caller, new CheckRequest { Sheet = Guid.CreateVersion7(time.GetUtcNow()), Server = row.Id, Commit = content }, cancellationToken);
                }

                return proposed;
            }
            catch (RepositoryException broken)
            {
                return FieldErrors.Of("", broken.Message);
            }
        }
    }

    private static string Title(Server server, SecretsForm form) => $"{form.Module.Name} is set up for {server.Name}";

    private static string? Fault(Look look, SecretModule module, string file) =>
        look.Found.Way != SecretsWay.Proposal ? "This is not a configuration of the repository's own flake as it was made here, so its files are yours to change. The page Secrets shows the lines."
        : !look.Found.Missing.Contains(module) ? $"{module.Name} is imported already. Its options are on the page Secrets once they are read."
        : look.Files.ContainsKey(file) ? $"There is a file {file} already, which is not overwritten. Take it away or rename it first."
        : null;

    // One that makes the same file waits already.
    private static async Task<Proposal?> OpenAsync(DashboardContext context, ConfigurationRepository repository, string file, CancellationToken cancellationToken)
    {
        foreach (var open in await context.Proposals.AsNoTracking().Where(p => p.State == ProposalState.Open).OrderByDescending(p => p.ChangedAt).ToListAsync(cancellationToken))
        {
            if (CommitId.TryParse(open.Basis, out var basis) && CommitId.TryParse(open.Content, out var content)
                && (await repository.DifferenceAsync(basis, content)).TryGetValue(file, out var change) && change is { From: null, To: not null })
            {
                return open;
            }
        }

        return null;
    }

    private static async Task<Look> LookAsync(DashboardContext context, ConfigurationRepository repository, Server server, CancellationToken cancellationToken)
    {
        var folder = ServerSettings.FolderOf(server.Name);
        if (await context.ServerSources.AsNoTracking().SingleOrDefaultAsync(s => s.ServerId == server.Id, cancellationToken) is not { } source || await repository.HeadAsync() is not { } head)
        {
            return new Look(new SecretsFound(SecretsWay.NotAdopted, "", SecretModule.All), default, new Dictionary<string, byte[]>(StringComparer.Ordinal), [], []);
        }

        var files = await repository.ReadAsync(head, "");
        var flake = SecretFiles.In(files.GetValueOrDefault("flake.nix"), SecretFiles.Flake);
        var own = SecretFiles.In(files.GetValueOrDefault($"{folder}/default.nix"), SecretFiles.Server);
        var (way, file) = source.Kind == SourceKind.Channel ? (SecretsWay.Channel, $"{folder}/configuration.nix")
            : source.OwnFlake ? (SecretsWay.Flake, $"{folder}/flake.nix")
            : flake is null || own is null ? (SecretsWay.Flake, "flake.nix")
            : (SecretsWay.Proposal, $"{folder}/default.nix");
        return new Look(new SecretsFound(way, file, [.. SecretModule.All.Where(module => way != SecretsWay.Proposal || !own!.Value.Contains(module))]), head, files, flake ?? [], own ?? []);
    }

    private async Task<Result<Proposal>> WriteAsync(Caller caller, DashboardContext context, ConfigurationRepository repository, Look look, Server server, SecretsForm form, Guid id)
    {
        try
        {
            var folder = ServerSettings.FolderOf(server.Name);
            var files = new[] { ("flake.nix", SecretFiles.Flake(With(look.Flake))), ($"{folder}/default.nix", SecretFiles.Server(With(look.Server))), ($"{folder}/{form.Module.File}", SecretFiles.Import(form.Module)) }
                .Select(file => KeyValuePair.Create(file.Item1, (byte[]?)Encoding.UTF8.GetBytes(file.Item2))).Where(file => !ChangeSet.Same(file.Value, look.Files.GetValueOrDefault(file.Key))).ToDictionary(StringComparer.Ordinal);
            var email = await context.Users.Where(p => p.Id == caller.PersonId).Select(p => p.Email).SingleOrDefaultAsync() ?? "";
            var words = new CommitWords(caller.Name, email, time.GetUtcNow(), Title(server, form), form.Reason.Trim());
            var content = await repository.ProposeAsync(id, look.Head, files, words);
            var proposal = context.Proposals.Add(Proposal.New(caller, id, words, look.Head, content, form.NeedsApproval)).Entity;
            await context.SaveChangesAsync();
            news.Tell(proposal);
            return proposal;
        }
        catch (RepositoryException broken)
        {
            return FieldErrors.Of("", broken.Message);
        }

        // In the order that texts of ours have them in.
        List<SecretModule> With(IEnumerable<SecretModule> there) => [.. SecretModule.All.Where(module => module == form.Module || there.Contains(module))];
    }

    private sealed record Look(SecretsFound Found, CommitId Head, IReadOnlyDictionary<string, byte[]> Files, IReadOnlyCollection<SecretModule> Flake, IReadOnlyCollection<SecretModule> Server);
}
