using System.Buffers;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison.Texts;

/// <summary>Finds <c>/nix/store/HASH-</c> within a line.</summary>
internal static class HashMark
{
    /// <summary>Characters of the folder, the hash and the dash behind it.</summary>
    public const int Length = 11 + 32 + 1;

    private static readonly SearchValues<char> HashCharacters = SearchValues.Create("0123456789abcdfghijklmnpqrsvwxyz");

    public static bool IsAt(ReadOnlySpan<char> text) =>
        text.Length >= Length
        && text[Length - 1] == '-'
        && text.StartsWith(StorePath.Folder, StringComparison.Ordinal)
        && !text[StorePath.Folder.Length..(Length - 1)].ContainsAnyExcept(HashCharacters);

    /// <summary>The line with all hashes left out; the same string when it has none.</summary>
    public static string Without(string text)
    {
        var kept = text;
        for (var at = kept.IndexOf(StorePath.Folder, StringComparison.Ordinal); at >= 0; at = kept.IndexOf(StorePath.Folder, at + 1, StringComparison.Ordinal))
        {
            if (IsAt(kept.AsSpan(at)))
            {
                // The dash stays for the hash, so that the folder alone is something else.
                kept = kept.Remove(at + StorePath.Folder.Length, Length - StorePath.Folder.Length - 1);
            }
        }

        return kept;
    }
}
