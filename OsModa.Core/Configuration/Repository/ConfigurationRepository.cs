using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>
/// The Git repository of an organisation. It is bare: a commit is made of objects that nothing refers to until the last step moves the branch, so
/// whatever cuts it short leaves the old state. Locks and files aside that a killed git left behind are cleared when it is opened; the
/// data folder is ours alone.
/// </summary>
public sealed class ConfigurationRepository
{
    /// <summary>Begins the last line of a commit that was a proposal.</summary>
    internal const string ProposalMark = "Proposal: ";

    private const string Branch = "refs/heads/main";
    private const string LogFormat = "--format=%H%x1f%an%x1f%ae%x1f%at%x1f%s%x1f%b";
    private static readonly string Nothing = new('0', 40);

    private readonly GitProgram _git;

    private ConfigurationRepository(GitProgram git) => _git = git;

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
    public async Task<CommitId?> HeadAsync()
    {
        var run = await _git.TryAsync(["rev-parse", "-q", "--verify", $"{Branch}^{{commit}}"]);
        return run.Status == 0 && CommitId.TryParse(Encoding.ASCII.GetString(run.Output).Trim(), out var head) ? head : null;
    }

    /// <summary>The commit is the newest, or one that led to it.</summary>
    public async Task<bool> HasAsync(CommitId commit) => (await _git.TryAsync(["merge-base", "--is-ancestor", commit.Text, Branch])).Status == 0;

    /// <summary>The commit before, or null for the first one.</summary>
    public async Task<CommitId?> ParentAsync(CommitId commit)
    {
        var run = await _git.TryAsync(["rev-parse", "-q", "--verify", $"{commit}^1"]);
        return run.Status == 0 && CommitId.TryParse(Encoding.ASCII.GetString(run.Output).Trim(), out var parent) ? parent : null;
    }

    /// <summary>All files of a folder as a commit has them, by their paths from its root.</summary>
    /// <param name="commit">A commit of this repository.</param>
    /// <param name="folder">Made by us; empty for everything.</param>
    public async Task<ImmutableSortedDictionary<string, byte[]>> ReadAsync(CommitId commit, string folder)
    {
        string[] within = folder.Length == 0 ? [] : [folder + "/"];
        var listed = await _git.RunAsync(["ls-tree", "-r", "-z", "--full-tree", commit.Text, "--", .. within]);
        // MODE TYPE OBJECT TAB PATH; links and submodules are not ours to follow.
        var blobs = Encoding.UTF8.GetString(listed).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('\t', 2)).Where(entry => entry is [var facts, _] && facts.StartsWith("100", StringComparison.Ordinal))
            .Select(entry => (Object: entry[0].Split(' ')[2], Path: entry[1])).ToList();
        var contents = await BlobsAsync(blobs.Select(blob => blob.Object));
        return blobs.Zip(contents).Where(pair => pair.Second is not null).ToImmutableSortedDictionary(pair => pair.First.Path, pair => pair.Second!, StringComparer.Ordinal);
    }

    /// <summary>One file in each of many commits; null where it is not there.</summary>
    internal Task<List<byte[]?>> ReadManyAsync(IEnumerable<CommitId> commits, string path) => BlobsAsync(commits.Select(commit => $"{commit}:{path}"));

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
        var told = await _git.RunAsync(["log", "-z", "--no-color", "--no-show-signature", $"--max-count={most}", LogFormat, head.Text, "--", .. within]);
        return [.. Encoding.UTF8.GetString(told).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(CommitOf).OfType<Commit>()];
    }

    /// <summary>What a commit says of itself; null when there is no such one.</summary>
    public async Task<Commit?> FindAsync(CommitId commit)
    {
        var run = await _git.TryAsync(["log", "-z", "--no-color", "--no-show-signature", "--max-count=1", LogFormat, commit.Text]);
        return run.Status == 0 ? Encoding.UTF8.GetString(run.Output).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(CommitOf).FirstOrDefault() : null;
    }

    /// <summary>The commit of the history that a proposal became; null before that.</summary>
    internal async Task<CommitId?> MergedAsync(Guid proposal)
    {
        var told = await _git.RunAsync(["log", "--format=%H", "--max-count=1", "--fixed-strings", $"--grep={ProposalMark}{proposal:D}", Branch]);
        return CommitId.TryParse(Word(told), out var commit) ? commit : null;
    }

    /// <summary>Makes one commit and moves the branch to it.</summary>
    /// <param name="basis">What the branch has to be at; null before the first commit.</param>
    /// <param name="files">By their paths from the root, each made by us; null takes a file away.</param>
    /// <param name="words">Who and why.</param>
    /// <returns>The new commit, or null when the branch has moved meanwhile and nothing was done.</returns>
    /// <exception cref="RepositoryException">Git failed; nothing was done.</exception>
    public async Task<CommitId?> CommitAsync(CommitId? basis, IReadOnlyDictionary<string, byte[]?> files, CommitWords words)
    {
        if (await HeadAsync() != basis)
        {
            return null;
        }

        var commit = await MakeAsync(basis, files, words);
        // Git moves the branch only from where we think it is: of two who commit at once one comes first, and the other is told.
        var moved = await _git.TryAsync(["update-ref", Branch, commit.Text, basis?.Text ?? Nothing]);
        return moved.Status == 0 ? commit
            : await HeadAsync() != basis ? null
            : throw new RepositoryException($"git could not move the branch of the configuration: {moved.Errors.Trim()}");
    }

    /// <summary>Makes a commit beside the history, kept under a name of its own.</summary>
    /// <param name="proposal">The name.</param>
    /// <param name="basis">What it is made from.</param>
    /// <param name="files">As above.</param>
    /// <param name="words">Who and why.</param>
    /// <exception cref="RepositoryException">Git failed; nothing was done.</exception>
    internal async Task<CommitId> ProposeAsync(Guid proposal, CommitId basis, IReadOnlyDictionary<string, byte[]?> files, CommitWords words)
    {
        var commit = await MakeAsync(basis, files, words);
        await _git.RunAsync(["update-ref", $"refs/proposals/{proposal:D}", commit.Text]);
        return commit;
    }

    /// <summary>Files that differ between two commits, with what each side has; null where it has none.</summary>
    internal async Task<ImmutableSortedDictionary<string, (byte[]? From, byte[]? To)>> DifferenceAsync(CommitId from, CommitId to)
    {
        var told = await _git.RunAsync(["diff-tree", "-r", "-z", "--no-renames", "--name-only", from.Text, to.Text]);
        var paths = Encoding.UTF8.GetString(told).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var (before, after) = (await BlobsAsync(paths.Select(path => $"{from}:{path}")), await BlobsAsync(paths.Select(path => $"{to}:{path}")));
        return paths.Select((path, i) => KeyValuePair.Create(path, (before[i], after[i]))).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private async Task<CommitId> MakeAsync(CommitId? basis, IReadOnlyDictionary<string, byte[]?> files, CommitWords words)
    {
        // An index of its own: the one that git would use does not exist here.
        var index = Path.Combine(_git.Folder, $"{LeftBehind.Index}{Guid.NewGuid():N}");
        try
        {
            var environment = new Dictionary<string, string>(words.Environment, StringComparer.Ordinal) { ["GIT_INDEX_FILE"] = index };
            await _git.RunAsync(basis is { } from ? ["read-tree", from.Text] : ["read-tree", "--empty"], environment: environment);
            await _git.RunAsync(["update-index", "-z", "--index-info"], await EntriesAsync(files), environment);
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

    private async Task<byte[]> EntriesAsync(IReadOnlyDictionary<string, byte[]?> files)
    {
        var entries = new StringBuilder();
        foreach (var (path, contents) in files)
        {
            var blob = contents is null ? Nothing : Word(await _git.RunAsync(["hash-object", "-w", "--stdin"], contents));
            entries.Append(contents is null ? "0 " : "100644 ").Append(blob).Append('\t').Append(path).Append('\0');
        }

        return Encoding.UTF8.GetBytes(entries.ToString());
    }

    private async Task<List<byte[]?>> BlobsAsync(IEnumerable<string> names)
    {
        var asked = string.Concat(names.Select(name => name + "\n"));
        return asked.Length == 0 ? [] : BlobsOf(await _git.RunAsync(["cat-file", "--batch"], Encoding.UTF8.GetBytes(asked)));
    }

    // OBJECT SP TYPE SP SIZE LF CONTENTS LF, or NAME SP missing LF.
    private static List<byte[]?> BlobsOf(ReadOnlySpan<byte> answer)
    {
        var blobs = new List<byte[]?>();
        while (!answer.IsEmpty)
        {
            var end = answer.IndexOf((byte)'\n');
            var head = Encoding.UTF8.GetString(answer[..end]).Split(' ');
            answer = answer[(end + 1)..];
            if (head is [_, var type, var bytes] && int.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                blobs.Add(type == "blob" ? answer[..size].ToArray() : null);
                answer = answer[(size + 1)..];
            }
            else
            {
                blobs.Add(null);
            }
        }

        return blobs;
    }

    private static Commit? CommitOf(string told) =>
        told.Split('\x1f') is [var id, var author, var email, var at, var title, var reason]
        && CommitId.TryParse(id, out var commit) && long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0 and < 253_402_300_800
            ? new Commit(commit, author, email, DateTimeOffset.FromUnixTimeSeconds(seconds), title, reason.Trim())
            : null;
}
