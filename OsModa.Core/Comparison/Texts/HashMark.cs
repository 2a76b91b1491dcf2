using System.Buffers;
using System.Text;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison.Texts;

/// <summary>Finds <c>/nix/store/HASH-</c> within a text.</summary>
public static class HashMark
{
    /// <summary>Characters of the folder, the hash and the dash behind it.</summary>
    public const int Length = 11 + 32 + 1;

    private static readonly SearchValues<char> HashCharacters = SearchValues.Create("0123456789abcdfghijklmnpqrsvwxyz");

    public static bool IsAt(ReadOnlySpan<char> text) =>
        text.Length >= Length
        && text[Length - 1] == '-'
        && text.StartsWith(StorePath.Folder, StringComparison.Ordinal)
        && !text[StorePath.Folder.Length..(Length - 1)].ContainsAnyExcept(HashCharacters);

    /// <summary>The text with all hashes left out; the same string when it has none. Texts that are equal then differ in nothing but which build of something they name.</summary>
    public static string Without(string text)
    {
        StringBuilder? kept = null;
        var from = 0;
        for (var at = text.IndexOf(StorePath.Folder, StringComparison.Ordinal); at >= 0; at = text.IndexOf(StorePath.Folder, at + 1, StringComparison.Ordinal))
        {
            if (IsAt(text.AsSpan(at)))
            {
                // The dash stays for the hash, so that the folder alone is something else.
                (kept ??= new StringBuilder(text.Length)).Append(text, from, at + StorePath.Folder.Length - from);
                from = at + Length - 1;
            }
        }

        return kept is null ? text : kept.Append(text, from, text.Length - from).ToString();
    }
}
