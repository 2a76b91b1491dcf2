using System.Text;
using System.Text.RegularExpressions;

namespace OsModa.Core.Configuration;

/// <summary>Names and strings as Nix writes them (Nix manual, "String" and "Identifiers").</summary>
public static partial class NixWords
{
    private static readonly HashSet<string> Keywords = new(["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"], StringComparer.Ordinal);

    /// <summary>Why a text can be no string of Nix, or null.</summary>
    public static string? Fault(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return "Nix has no texts with a NUL character in them; it would cut this one off there.";
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return "This text has half of a character in it.";
            }
        }

        return null;
    }

    /// <summary>A name, quoted where it is no identifier.</summary>
    public static string Name(string name) => IsIdentifier(name) ? name : Quoted(name);

    public static bool IsIdentifier(string name) => Identifier().IsMatch(name) && !Keywords.Contains(name);

    /// <summary>A string on one line. <c>${</c> loses its meaning, and so does everything else.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        for (var i = 0; i < text.Length; i++)
        {
            quoted.Append(text[i] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '$' when i + 1 < text.Length && text[i + 1] == '{' => "\\$",
                var other => other.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_'\-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Identifier();
}
