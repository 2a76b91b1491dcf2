using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>Words of names and of what people type into the search.</summary>
internal static class SearchWords
{
    private const int MostWords = 8, LongestWord = 64;

    /// <summary>A name as words: its parts, and the words within <c>camelCase</c>.</summary>
    public static string OfName(OptionPath path)
    {
        var words = new StringBuilder();
        foreach (var part in path.Parts)
        {
            words.Append(part).Append(' ');
            if (part.Skip(1).Any(char.IsUpper))
            {
                for (var i = 0; i < part.Length; i++)
                {
                    words.Append(i > 0 && char.IsUpper(part[i]) && !char.IsUpper(part[i - 1]) ? " " : "").Append(part[i]);
                }

                words.Append(' ');
            }
        }

        return words.ToString();
    }

    /// <summary>What was typed, as words; nothing but letters and digits, so that none of it means anything to FTS5.</summary>
    public static string[] OfQuery(string query)
    {
        var plain = string.Concat((query.Length > 512 ? query[..512] : query).Select(c => char.IsLetterOrDigit(c) ? c : ' '));
        return [.. plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords).Select(word => word.Length > LongestWord ? word[..LongestWord] : word)];
    }

    /// <summary>All words, each as the beginning of a word, in the name or in the text.</summary>
    public static string Match(IEnumerable<string> words) => string.Join(" AND ", words.Select(word => $"\"{word}\"*"));
}
