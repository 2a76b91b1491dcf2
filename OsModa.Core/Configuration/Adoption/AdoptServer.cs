using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>A server whose configuration was read in.</summary>
/// <param name="Commit">Where it is in the repository now.</param>
/// <param name="Files">Paths below the server's folder.</param>
/// <param name="Left">What was not taken in, and why.</param>
/// <param name="Check">The run of checks that proves it: <see cref="CheckProgress.Unchanged"/>. Null when it could not be started.</param>
/// <param name="CheckFault">Why not.</param>
public sealed record Adoption(CommitId Commit, ImmutableArray<string> Files, ImmutableArray<FileLeft> Left, Guid? Check, string? CheckFault)
{
    /// <summary>Those of the files that hold what looks like a secret.</summary>
    public ImmutableArray<FileExposed> Exposed { get; init; } = [];

    /// <summary>The proposal that brings it into the history, whose content the commit is; null where the commit is in the history.</summary>
    public Guid? Proposal { get; init; }
}

/// <summary>
/// Takes a server without a repository into one: what it has in <c>/etc/nixos</c> is read in and committed as it is, beside an empty document of the form.
/// Nothing on the server changes; a run of checks then tells whether the very system comes of it that runs there. A folder that the repository has for it already,
/// from before it was removed here or by somebody's hand, stays as it is.
/// </summary>
public sealed class AdoptServer(Database database, ShellOf shells, ConfigurationRepositories repositories, RunCheck check, LedgerWriter ledger, TimeProvider time)
{
    private static readonly ImmutableArray<string> Ours = ["default.nix", SettingsFiles.Name, SettingsFiles.Module];

    /// <param name="caller">Must be allowed to act on servers.</param>
    /// <param name="server">Which one.</param>
    /// <param name="cancellationToken">Gives up before anything is committed.</param>
    public async Task<Result<Adoption>> RunAsync(Caller caller, ServerId server, CancellationToken cancellationToken)
    {
        if (!caller.MayAct)
        {
            return FieldErrors.Of("", "You may look at this server, not adopt it. Somebody with the role operator can.");
        }

        var context = database.OpenFor(caller);
        await using (context)
        {
            if (await context.Servers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == server, cancellationToken) is not { } row || !ServerName.TryParse(row.Name, out var name, out _))
            {
                return FieldErrors.Of("", "Your organisation has no such server.");
            }

            if (await context.ServerSources.AnyAsync(s => s.ServerId == server, cancellationToken))
            {
                return FieldErrors.Of("", $"{row.Name} is adopted already. What was changed on it since can be taken over instead.");
            }

            var read = await ServerFiles.ReadAsync(shells, server, cancellationToken);
            if (!read.Done)
            {
                return read.Errors;
            }

            if (Collision(read.Value) is { } collision)
            {
                return FieldErrors.Of("", collision);
            }

            var adopted = await ledger.DoAsync<Adoption>(
                caller, "configuration.adopt", () => CommitAsync(caller, context, row, name, read.Value), server, details: LedgerVerbs.Details(("system", read.Value.System.Text), ("files", $"{read.Value.Files.Count}")), cancellationToken: cancellationToken);
            return adopted.Done ? await ProveAsync(caller, server, adopted.Value, cancellationToken) : adopted;
        }
    }

    /// <summary>Why files of a server cannot lie beside the form's own; null where they can.</summary>
    internal static string? Collision(ServerFiles files) =>
        files.Files.Keys.FirstOrDefault(path => Ours.Contains(path, StringComparer.Ordinal) || path.StartsWith(SettingsFiles.ExpressionFolder + "/", StringComparison.Ordinal)) is { } taken
            ? $"There is a file {taken} in /etc/nixos, which is what the form calls its own. Rename it on the server first."
            : null;

    /// <summary>A file of a server's folder that is neither the form's nor made with it.</summary>
    internal static bool IsByHand(string folder, string path) => path.StartsWith($"{folder}/", StringComparison.Ordinal) && !ChangeSet.IsOfForm(path) && path != $"{folder}/default.nix";

    private async Task<Result<Adoption>> CommitAsync(Caller caller, DashboardContext context, Server row, ServerName name, ServerFiles read)
    {
        try
        {
            var repository = await repositories.OfAsync(caller.OrganisationId);
            await repository.CatchUpAsync();
            var head = await repository.HeadAsync();
            var folder = ServerSettings.FolderOf(row.Name);
            var (there, executablesThere) = head is { } newest ? await repository.ReadWholeAsync(newest, "") : (ImmutableSortedDictionary<string, byte[]>.Empty, []);
            var settings = new ServerSettings(repository, name);
            var files = await settings.FilesAsync(head, head is { } now ? await settings.ReadAsync(now) : SettingsDocument.Empty);
            foreach (var (path, contents) in read.Files)
            {
                files[$"{folder}/{path}"] = contents;
            }

            var executables = read.ExecutablesIn(folder);
            // Killed between commit and row, the newest commit has it all: it is adopted by that.
            var hasAll = !there.IsEmpty && files.All(file => Same(file.Key, file.Value));
            var byHand = there.Keys.Where(path => IsByHand(folder, path)).ToList();
            var words = new CommitWords(caller.Name, "", time.GetUtcNow(), $"{row.Name} is adopted", $"Its /etc/nixos, as it was while {read.System.Name} ran.\n{string.Join('\n', read.Left.Select(left => $"Left out: {left.Path}. {left.Why}"))}\n{FileExposed.Words(read.Exposed)}".TrimEnd());
            if (!hasAll && byHand.Count > 0)
            {
                return (await AddRowAsync(caller, context, row, head!.Value, await AsideAsync(), read, there.ContainsKey($"{folder}/flake.nix") ? SourceKind.Flake : SourceKind.Channel)) with
                {
                    Files = [],
                    Exposed = [],
                    Left = [.. read.Left, .. read.Files.Keys.Where(path => !Same($"{folder}/{path}", read.Files[path])).Select(path => new FileLeft(path, $"The repository has {folder} already, and that is kept."))],
                };
            }

            return (hasAll ? head : await repository.CommitAsync(head, files, words, executables)) is { } commit
                ? await AddRowAsync(caller, context, row, commit, byHand.Count > 0 ? await AsideAsync() : commit, read, read.Kind)
                : FieldErrors.Of("", "Somebody else saved a change in this moment. Try again.");

            bool Same(string path, byte[]? contents) => contents is not null && ChangeSet.Same(path, contents, executables, there.GetValueOrDefault(path), executablesThere);

            // What is told by it what changes on the server: its own files, not what the repository has instead.
            Task<CommitId> AsideAsync() => repository.ProposeAsync(
                Guid.CreateVersion7(time.GetUtcNow()),
                head!.Value,
                byHand.Select(path => KeyValuePair.Create(path, (byte[]?)null)).Where(file => !read.Files.ContainsKey(file.Key[(folder.Length + 1)..]))
                    .Concat(read.Files.Select(file => KeyValuePair.Create($"{folder}/{file.Key}", (byte[]?)file.Value))).ToDictionary(StringComparer.Ordinal),
                words,
                executables);
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

    private async Task<Adoption> AddRowAsync(Caller caller, DashboardContext context, Server row, CommitId commit, CommitId asRead, ServerFiles read, SourceKind kind)
    {
        context.ServerSources.Add(new ServerSource
        {
            ServerId = row.Id,
            OrganisationId = caller.OrganisationId,
            Kind = kind,
            OwnFlake = kind == SourceKind.Flake,
            FlakeName = kind == SourceKind.Flake ? read.Host : "",
            AdoptedSystem = read.System.Text,
            ReadCommit = asRead.Text,
            AdoptedAt = time.GetUtcNow(),
        });
        await context.SaveChangesAsync();
        return new Adoption(commit, [.. read.Files.Keys], read.Left, null, null) { Exposed = read.Exposed };
    }

    private async Task<Result<Adoption>> ProveAsync(Caller caller, ServerId server, Adoption adoption, CancellationToken cancellationToken)
    {
        var run = await check.StartAsync(caller, new CheckRequest { Sheet = Guid.CreateVersion7(time.GetUtcNow()), Server = server, Commit = adoption.Commit }, cancellationToken);
        return run.Done ? adoption with { Check = run.Value.Id } : adoption with { CheckFault = run.Errors.ByField.Values.First() };
    }
}
