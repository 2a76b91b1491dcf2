using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>
/// Takes what somebody changed in <c>/etc/nixos</c> of an adopted server into the repository: what differs from what was read there last is brought onto
/// the newest commit. To undo such changes instead, the newest commit is rolled out to the server.
/// </summary>
public sealed class TakeOverDrift(Database database, ShellOf shells, ConfigurationRepositories repositories, RunCheck check, LedgerWriter ledger, TimeProvider time)
{
    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="server">Which one.</param>
    /// <param name="reason">Why, in one line; may be empty where the server asks for none. What is wrong with it is named <c>reason</c>.</param>
    /// <param name="cancellationToken">Gives up before anything is committed.</param>
    public async Task<Result<Adoption>> RunAsync(Caller caller, ServerId server, string reason, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at this server, not take over what was changed on it. Somebody with the role operator can.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == server, cancellationToken) is not { } row)
            {
                return FieldErrors.Of("", "Your organisation has no such server.");
            }

            if (await context.ServerSources.SingleOrDefaultAsync(s => s.ServerId == server, cancellationToken) is not { } source || !CommitId.TryParse(source.ReadCommit, out var basis))
            {
                return FieldErrors.Of("", $"{row.Name} is not in the repository yet. Adopt it first.");
            }

            if (RollBackRules.ReasonTrouble(reason, RollBackRules.NeedsReason(row) ? $"Say why: {row.Name} is tagged {RollBackRules.ProductionTag}." : null) is { } trouble)
            {
                return FieldErrors.Of(nameof(reason), trouble);
            }

            var read = await ServerFiles.ReadAsync(shells, server, cancellationToken);
            if (!read.Done)
            {
                return read.Errors;
            }

            if (AdoptServer.Collision(read.Value) is { } collision)
            {
                return FieldErrors.Of("", collision);
            }

            var taken = await ledger.DoAsync<Adoption>(
                caller, "configuration.take-over", () => CommitAsync(caller, context, row, source, basis, read.Value, reason.Trim()), server, reason.Trim(), LedgerVerbs.Details(("system", read.Value.System.Text)), cancellationToken: cancellationToken);
            if (!taken.Done)
            {
                return taken;
            }

            var run = await check.StartAsync(caller, new CheckRequest { Sheet = Guid.CreateVersion7(time.GetUtcNow()), Server = server, Commit = taken.Value.Commit }, cancellationToken);
            return run.Done ? taken.Value with { Check = run.Value.Id } : taken.Value with { CheckFault = run.Errors.ByField.Values.First() };
        }
    }

    private async Task<Result<Adoption>> CommitAsync(Caller caller, DashboardContext context, Server row, ServerSource source, CommitId basis, ServerFiles read, string reason)
    {
        try
        {
            var repository = await repositories.OfAsync(caller.OrganisationId);
            await repository.CatchUpAsync();
            var folder = ServerSettings.FolderOf(row.Name);
            var (before, old) = await repository.ReadWholeAsync(basis, folder);
            var executables = read.ExecutablesIn(folder);
            var changed = read.Files.Select(file => KeyValuePair.Create($"{folder}/{file.Key}", (byte[]?)file.Value))
                .Concat(before.Keys.Where(path => AdoptServer.IsByHand(folder, path) && read.IsGone(path[(folder.Length + 1)..])).Select(path => KeyValuePair.Create(path, (byte[]?)null)))
                .Where(file => file.Value is null || !ChangeSet.Same(file.Key, before.GetValueOrDefault(file.Key), old, file.Value, executables))
                .ToDictionary(StringComparer.Ordinal);
            if (changed.Count == 0)
            {
                return FieldErrors.Of("", $"The files in /etc/nixos of {row.Name} are what was read there last. What it runs came another way: compare the two systems, or roll the newest commit out to undo it.");
            }

            var exposed = read.Exposed.Where(file => changed.ContainsKey($"{folder}/{file.Path}")).ToImmutableArray();
            var words = new CommitWords(caller.Name, "", time.GetUtcNow(), $"What was changed on {row.Name} is taken over", $"{reason}\n\nRead from its /etc/nixos while {read.System.Name} ran.\n{FileExposed.Words(exposed)}".Trim());
            var aside = await repository.ProposeAsync(Guid.CreateVersion7(time.GetUtcNow()), basis, changed, words, executables);
            if (await repository.HeadAsync() is not { } head)
            {
                return FieldErrors.Of("", "The repository has no history.");
            }

            var files = await ChangeSet.OntoAsync(repository, basis, aside, head);
            if (!files.Done)
            {
                return files.Errors;
            }

            // Killed between commit and row, the history has it already: only the row is behind.
            if ((files.Value.Count == 0 ? head : await repository.CommitAsync(head, files.Value, words, await repository.ExecutablesAsync(aside))) is not { } commit)
            {
                return FieldErrors.Of("", "Somebody else saved a change in this moment. Try again.");
            }

            source.ReadCommit = aside.Text;
            await context.SaveChangesAsync();
            // The commit may hold more: what the form makes, and a flake.nix that a repository of somebody's own does not have.
            return new Adoption(commit, [.. files.Value.Keys.Where(path => AdoptServer.IsByHand(folder, path)).Select(path => path[(folder.Length + 1)..])], read.Left, null, null) { Exposed = [.. exposed.Where(file => files.Value.ContainsKey($"{folder}/{file.Path}"))] };
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
}
