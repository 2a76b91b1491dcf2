using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OsModa.Core.Accounts;

/// <summary>Name of a person or an organisation: any script, one line, nothing invisible, 100 characters at most.</summary>
public static class PlainName
{
    public const int MaxLength = 100;

    /// <param name="text">As typed.</param>
    /// <param name="name">Trimmed.</param>
    /// <param name="error">A sentence for the person.</param>
    public static bool TryParse(string? text, out string name, [NotNullWhen(false)] out string? error)
    {
        name = text?.Trim() ?? "";
        error = name.Length == 0 ? "Enter a name."
            : name.Length > MaxLength ? $"A name has {MaxLength} characters at most."
            : name.Any(IsInvisible) ? "A name is one line without control characters."
            : null;
        return error is null;
    }

    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
