using System.Collections.Immutable;
using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>
/// The Git repository of an organisation. It is bare: a commit is made of objects that nothing refers to until the last step moves the branch, so
/// whatever cuts it short leaves the old state. Locks and files aside that a killed git left behind are cleared when it is opened; the
/// data folder is ours alone. Where a remote repository is connected, its branch is the truth and ours a copy: a commit goes there first.
/// </summary>
public sealed class ConfigurationRepository
{
    /// <summary>Begins the last line of a commit that was a proposal.</summary>
    internal const string ProposalMark = "Proposal: ";

    private readonly GitProgram _git;
    private readonly LocalBranch _branch;

    private ConfigurationRepository(GitProgram git) => (_git, _branch) = (git, new LocalBranch(git));

    /// <summary>What keeps our branch a copy of a remote one; null where ours is alone. Set by whoever holds <see cref="AloneAsync"/>.</summary>
    internal RemoteCopy? Remote { get; set; }

    internal GitProgram Git => _git;

    private SemaphoreSlim Moving { get; } = new(1);

    /// <summary>Opens the repository, making it when there is none.</summary>
    /// <param name="folder">Absolute; its parent folder exists.</param>
    /// <exception cref="RepositoryException">Git is missing, or the folder cannot be written.</exception>
    public static Task<ConfigurationRepository> OpenAsync(string folder) => OpenAsync(folder, GitProgram.Find());

    internal static async Task<ConfigurationRepository> OpenAsync(string folder, string program)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                // Made aside: a repository is whole or not there.
                var aside = $"{folder}.{Guid.NewGuid():N}.new";
                Directory.CreateDirectory(aside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                await new GitProgram(program, aside).RunAsync(["init", "-q", "--bare", "--template=", "--initial-branch=main"]);
                Directory.Move(aside, folder);
            }

            LeftBehind.Clear(folder);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new RepositoryException($"The repository of the configuration cannot be written: {broken.Message}", broken);
        }

        return new ConfigurationRepository(new GitProgram(program, folder));
    }

    /// <summary>The newest commit; null before the first.</summary>
    public Task<CommitId?> HeadAsync() => _branch.HeadAsync();

    /// <summary>The commit is the newest, or one that led to it.</summary>
    public Task<bool> HasAsync(CommitId commit) => _branch.HasAsync(commit);

    /// <summary>To be called before something is saved: what others pushed to the remote repository is here then.</summary>
    /// <exception cref="RepositoryException">It cannot be reached, so nothing can be saved.</exception>
    public Task CatchUpAsync(CancellationToken cancellationToken = default) => AloneAsync(async () =>
    {
        await (Remote?.CatchUpAsync(cancellationToken) ?? Task.CompletedTask);
        return true;
    }, cancellationToken);

    /// <summary>Brings what others pushed to the remote repository.</summary>
    /// <returns>False where none is connected.</returns>
    /// <exception cref="OsModa.Core.Ssh.ConnectionException">It cannot be reached; everything stays as it was.</exception>
    internal Task<bool> FetchAsync(CancellationToken cancellationToken = default) => AloneAsync(async () =>
    {
        await (Remote?.FollowAsync(cancellationToken) ?? Task.CompletedTask);
        return Remote is not null;
    }, cancellationToken);

    /// <summary>Does something while nobody else moves the branch.</summary>
    internal async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken = default)
    {
        await Moving.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            Moving.Release();
        }
    }

    /// <summary>The commit before, or null for the first one.</summary>
    public async Task<CommitId?> ParentAsync(CommitId commit)
    {
        var run = await _git.TryAsync(["rev-parse", "-q", "--verify", $"{commit}^1"]);
        return run.Status == 0 && CommitId.TryParse(Encoding.ASCII.GetString(run.Output).Trim(), out var parent) ? parent : null;
    }

    /// <summary>All files of a folder as a commit has them, by their paths from its root.</summary>
    /// <param name="commit">A commit of this repository.</param>
    /// <param name="folder">Made by us; empty for everything.</param>
    public async Task<ImmutableSortedDictionary<string, byte[]>> ReadAsync(CommitId commit, string folder) => (await _git.FilesAsync(commit, folder)).Files;

    /// <summary>The same, and which of them are executable.</summary>
    internal Task<(ImmutableSortedDictionary<string, byte[]> Files, ImmutableSortedSet<string> Executables)> ReadWholeAsync(CommitId commit, string folder) => _git.FilesAsync(commit, folder);

    /// <summary>Which files of a commit are executable, by their paths from its root.</summary>
    internal Task<ImmutableSortedSet<string>> ExecutablesAsync(CommitId commit) => _git.PathsAsync(commit, GitTree.Executable);

    /// <summary>Where a commit has submodules: what lies in them is in other repositories, and is not followed.</summary>
    internal Task<ImmutableSortedSet<string>> SubmodulesAsync(CommitId commit) => _git.PathsAsync(commit, GitTree.Submodule);

    /// <summary>Where a commit has symbolic links, which are not followed either.</summary>
    internal Task<ImmutableSortedSet<string>> LinksAsync(CommitId commit) => _git.PathsAsync(commit, GitTree.Link);

    /// <summary>One file in each of many commits, read as far as somebody asks; null where it is not there or larger than <paramref name="largest"/> bytes.</summary>
    internal IAsyncEnumerable<byte[]?> ReadEachAsync(IEnumerable<CommitId> commits, string path, int largest) => _git.EachBlobAsync([.. commits.Select(commit => $"{commit}:{path}")], largest);

    /// <summary>Commits that touched a folder, the newest first.</summary>
    /// <param name="folder">Made by us; empty for everything.</param>
    /// <param name="most">How many.</param>
    public async Task<ImmutableArray<Commit>> HistoryAsync(string folder, int most)
    {
        if (await HeadAsync() is not { } head)
        {
            return [];
        }

        string[] within = folder.Length == 0 ? [] : [folder];
        var told = await _git.RunAsync([.. CommitLog.Command, $"--max-count={most}", head.Text, "--", .. within]);
        return CommitLog.Read(told);
    }

    /// <summary>What a commit says of itself; null when there is no such one.</summary>
    public async Task<Commit?> FindAsync(CommitId commit)
    {
        var run = await _git.TryAsync([.. CommitLog.Command, "--max-count=1", commit.Text]);
        return run.Status == 0 ? CommitLog.Read(run.Output).FirstOrDefault() : null;
    }

    /// <summary>The commit of the history that a proposal became; null before that.</summary>
    internal async Task<CommitId?> MergedAsync(Guid proposal)
    {
        var mark = $"{ProposalMark}{proposal:D}";
        return CommitLog.EndingWith(mark, await _git.RunAsync([.. CommitLog.WholeMessages, "--fixed-strings", $"--grep={mark}", LocalBranch.Name]));
    }

    /// <summary>Makes one commit and moves the branch to it; where a remote repository is connected, its branch first.</summary>
    /// <param name="basis">What the branch has to be at; null before the first commit.</param>
    /// <param name="files">By their paths from the root, each made by us; null takes a file away.</param>
    /// <param name="words">Who and why.</param>
    /// <param name="executables">Which of these files are executable; null leaves each as it is in <paramref name="basis"/>.</param>
    /// <returns>The new commit, or null when the branch has moved meanwhile and nothing was done.</returns>
    /// <exception cref="RepositoryException">Git failed, or the remote repository cannot be reached or refuses it; nothing was done.</exception>
    public Task<CommitId?> CommitAsync(CommitId? basis, IReadOnlyDictionary<string, byte[]?> files, CommitWords words, IReadOnlySet<string>? executables = null) => AloneAsync<CommitId?>(async () =>
    {
        if (await HeadAsync() != basis)
        {
            return null;
        }

        var commit = await MakeAsync(basis, files, words, executables);
        // Killed in between, the remote has it and we do not: the next fetch brings it.
        return (Remote is not { } remote || await remote.PushAsync(commit, basis)) && await _branch.MoveAsync(basis, commit) ? commit : null;
    });

    /// <summary>Makes a commit beside the history, kept under a name of its own.</summary>
    /// <param name="proposal">The name.</param>
    /// <param name="basis">What it is made from.</param>
    /// <param name="files">As above.</param>
    /// <param name="words">Who and why.</param>
    /// <param name="executables">As above.</param>
    /// <exception cref="RepositoryException">Git failed; nothing was done.</exception>
    internal async Task<CommitId> ProposeAsync(Guid proposal, CommitId basis, IReadOnlyDictionary<string, byte[]?> files, CommitWords words, IReadOnlySet<string>? executables = null)
    {
        var commit = await MakeAsync(basis, files, words, executables);
        await _git.RunAsync(["update-ref", $"refs/proposals/{proposal:D}", commit.Text]);
        return commit;
    }

    /// <summary>Makes a commit that nothing refers to: to be looked at, and forgotten.</summary>
    internal Task<CommitId> ImagineAsync(CommitId basis, IReadOnlyDictionary<string, byte[]?> files, CommitWords words, IReadOnlySet<string>? executables = null) => MakeAsync(basis, files, words, executables);

    /// <summary>Files that differ between two commits, with what each side has; null where it has none. Before the first commit there is nothing.</summary>
    internal async Task<ImmutableSortedDictionary<string, (byte[]? From, byte[]? To)>> DifferenceAsync(CommitId? from, CommitId to)
    {
        // :MODE MODE OBJECT OBJECT LETTER, then the path. Contents are asked for by object: a path may hold anything, also the end of a line.
        var told = await _git.RunAsync(["diff-tree", "-r", "-z", "--no-renames", "--raw", "--no-abbrev", .. (string[])(from is { } before ? [before.Text] : ["--root", "--no-commit-id"]), to.Text]);
        var changed = Encoding.UTF8.GetString(told).Split('\0', StringSplitOptions.RemoveEmptyEntries).Chunk(2)
            .Where(pair => pair is [_, var path] && GitTree.IsText(path)).Select(pair => (Facts: pair[0].Split(' '), Path: pair[1])).ToList();
        var (old, now) = (await _git.BlobsAsync(changed.Select(file => file.Facts[2])), await _git.BlobsAsync(changed.Select(file => file.Facts[3])));
        return changed.Select((file, i) => KeyValuePair.Create(file.Path, (old[i], now[i]))).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private async Task<CommitId> MakeAsync(CommitId? basis, IReadOnlyDictionary<string, byte[]?> files, CommitWords words, IReadOnlySet<string>? executables)
    {
        // An index of its own: the one that git would use does not exist here.
        var index = Path.Combine(_git.Folder, $"{LeftBehind.Index}{Guid.NewGuid():N}");
        try
        {
            var environment = new Dictionary<string, string>(words.Environment, StringComparer.Ordinal) { ["GIT_INDEX_FILE"] = index };
            await _git.RunAsync(basis is { } from ? ["read-tree", from.Text] : ["read-tree", "--empty"], environment: environment);
            await _git.RunAsync(["update-index", "-z", "--index-info"], await EntriesAsync(files, executables ?? (basis is { } old ? await ExecutablesAsync(old) : [])), environment);
            var tree = Word(await _git.RunAsync(["write-tree"], environment: environment));
            string[] parent = basis is { } before ? ["-p", before.Text] : [];
            var commit = Word(await _git.RunAsync(["commit-tree", tree, .. parent, "-F", "-"], Encoding.UTF8.GetBytes(words.Message), environment));
            return CommitId.TryParse(commit, out var made) ? made : throw new RepositoryException("git does not tell which commit it made.");
        }
        finally
        {
            File.Delete(index);
        }
    }

    private static string Word(byte[] output) => Encoding.ASCII.GetString(output).Trim();

    private async Task<byte[]> EntriesAsync(IReadOnlyDictionary<string, byte[]?> files, IReadOnlySet<string> executables)
    {
        var entries = new StringBuilder();
        foreach (var (path, contents) in files)
        {
            var blob = contents is null ? LocalBranch.Nothing : Word(await _git.RunAsync(["hash-object", "-w", "--stdin"], contents));
            entries.Append(contents is null ? "0" : executables.Contains(path) ? GitTree.Executable : GitTree.File).Append(' ').Append(blob).Append('\t').Append(path).Append('\0');
        }

        return Encoding.UTF8.GetBytes(entries.ToString());
    }
}
