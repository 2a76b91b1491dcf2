using System.Globalization;

namespace OsModa.Core.Comparison.Texts;

/// <summary>Text of a server as people may see it: nothing invisible, and nothing that turns the direction of writing.</summary>
public static class VisibleText
{
    // Unicode has pictures of the first 32 characters and of DEL, in their order.
    private const int Pictures = 0x2400;
    private const char DeletePicture = '\u2421';
    private const char Replacement = '\uFFFD';

    /// <summary>The same text with a picture for each control character but the tab, and a mark for whatever else would not be seen.</summary>
    public static string Of(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (Shown(text, i) != text[i])
            {
                return string.Create(text.Length, text, static (to, from) =>
                {
                    for (var i = 0; i < from.Length; i++)
                    {
                        to[i] = Shown(from, i);
                    }
                });
            }
        }

        return text;
    }

    private static char Shown(string text, int at)
    {
        var c = text[at];
        return char.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.Control when c == '\t' => c,
            UnicodeCategory.Control when c < ' ' => (char)(Pictures + c),
            UnicodeCategory.Control when c == '\u007f' => DeletePicture,
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Replacement,
            UnicodeCategory.Surrogate when !IsWhole(text, at) => Replacement,
            _ => c,
        };
    }

    private static bool IsWhole(string text, int at) => char.IsHighSurrogate(text[at])
        ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
        : at > 0 && char.IsHighSurrogate(text[at - 1]);
}
