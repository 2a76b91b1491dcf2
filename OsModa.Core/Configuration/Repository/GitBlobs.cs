using System.Globalization;
using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>Reads many files of a repository in one run of git.</summary>
internal static class GitBlobs
{
    /// <summary>What each of them holds; null where there is no such file.</summary>
    /// <param name="git">Of the repository.</param>
    /// <param name="names">Objects, or paths in commits; without line breaks.</param>
    public static async Task<List<byte[]?>> BlobsAsync(this GitProgram git, IEnumerable<string> names)
    {
        var asked = string.Concat(names.Select(name => name + "\n"));
        return asked.Length == 0 ? [] : BlobsOf(await git.RunAsync(["cat-file", "--batch"], Encoding.UTF8.GetBytes(asked)));
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
}
