using System.Globalization;
using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>Reads many files of a repository in one run of git.</summary>
internal static class GitBlobs
{
    // Half of what a run of git may say.
    private const int MostAtOnce = 32 * 1024 * 1024;

    /// <summary>What each of them holds; null where there is no such file.</summary>
    /// <param name="git">Of the repository.</param>
    /// <param name="names">Objects, or paths in commits; without line breaks.</param>
    public static async Task<List<byte[]?>> BlobsAsync(this GitProgram git, IEnumerable<string> names)
    {
        var asked = string.Concat(names.Select(name => name + "\n"));
        return asked.Length == 0 ? [] : BlobsOf(await git.RunAsync(["cat-file", "--batch"], Encoding.UTF8.GetBytes(asked)));
    }

    /// <summary>The same one after the other, in as many runs of git as their sizes ask for; what nobody asks for any more is not read.</summary>
    /// <param name="git">Of the repository.</param>
    /// <param name="names">As above.</param>
    /// <param name="largest">In bytes; a larger file counts as none.</param>
    public static async IAsyncEnumerable<byte[]?> EachBlobAsync(this GitProgram git, IReadOnlyList<string> names, int largest)
    {
        var sizes = await git.SizesAsync(names);
        var first = 0;
        while (first < names.Count)
        {
            var (part, bytes) = (new List<string>(), 0L);
            while (first < names.Count && (part.Count == 0 || bytes + sizes[first] <= MostAtOnce))
            {
                part.Add(sizes[first] > largest ? LocalBranch.Nothing : names[first]);
                bytes += sizes[first] > largest ? 0 : sizes[first];
                first++;
            }

            foreach (var blob in await git.BlobsAsync(part))
            {
                yield return blob;
            }
        }
    }

    // A size in bytes, or NAME SP missing.
    private static async Task<List<long>> SizesAsync(this GitProgram git, IReadOnlyList<string> names) => names.Count == 0 ? [] :
        [.. Encoding.UTF8.GetString(await git.RunAsync(["cat-file", "--batch-check=%(objectsize)"], Encoding.UTF8.GetBytes(string.Concat(names.Select(name => name + "\n")))))
            .Split('\n').Take(names.Count).Select(line => long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0)];

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
}
