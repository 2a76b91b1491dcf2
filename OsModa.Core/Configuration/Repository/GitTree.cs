using System.Collections.Immutable;
using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>Tells which kinds of entries a commit has.</summary>
internal static class GitTree
{
    /// <summary>Modes as Git writes them.</summary>
    public const string File = "100644", Executable = "100755", Link = "120000", Submodule = "160000";

    /// <summary>The paths of all entries of one mode, from the root; without those whose names are no text.</summary>
    /// <param name="git">Of the repository.</param>
    /// <param name="commit">A commit of it.</param>
    /// <param name="mode">One of the modes above.</param>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public static async Task<ImmutableSortedSet<string>> PathsAsync(this GitProgram git, CommitId commit, string mode)
    {
        // MODE TYPE OBJECT TAB PATH
        var listed = await git.RunAsync(["ls-tree", "-r", "-z", "--full-tree", commit.Text]);
        return Encoding.UTF8.GetString(listed).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(entry => entry.StartsWith(mode + " ", StringComparison.Ordinal)).Select(entry => entry.Split('\t', 2)[^1]).Where(IsText).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    /// <summary>All files of a folder with what is in them, and which of them are executable, by their paths from the root.</summary>
    /// <param name="git">Of the repository.</param>
    /// <param name="commit">A commit of it.</param>
    /// <param name="folder">Made by us; empty for everything.</param>
    /// <exception cref="RepositoryException">Git failed.</exception>
    public static async Task<(ImmutableSortedDictionary<string, byte[]> Files, ImmutableSortedSet<string> Executables)> FilesAsync(this GitProgram git, CommitId commit, string folder)
    {
        string[] within = folder.Length == 0 ? [] : [folder + "/"];
        var listed = await git.RunAsync(["ls-tree", "-r", "-z", "--full-tree", commit.Text, "--", .. within]);
        // MODE TYPE OBJECT TAB PATH; links and submodules are not ours to follow, and names that are no text cannot be followed.
        var blobs = Encoding.UTF8.GetString(listed).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('\t', 2)).Where(entry => entry is [var facts, var path] && facts.StartsWith("100", StringComparison.Ordinal) && IsText(path))
            .Select(entry => (Facts: entry[0].Split(' '), Path: entry[1])).ToList();
        var contents = await git.BlobsAsync(blobs.Select(blob => blob.Facts[2]));
        return (
            blobs.Zip(contents).Where(pair => pair.Second is not null).ToImmutableSortedDictionary(pair => pair.First.Path, pair => pair.Second!, StringComparer.Ordinal),
            blobs.Where(blob => blob.Facts[0] == Executable).Select(blob => blob.Path).ToImmutableSortedSet(StringComparer.Ordinal));
    }

    /// <summary>A name that is no UTF-8 cannot be told from another such name.</summary>
    public static bool IsText(string path) => !path.Contains('\ufffd', StringComparison.Ordinal);
}
