using System.Buffers;
using System.Globalization;
using System.Text;

namespace OsModa.Core.Observation.Wire;

/// <summary>
/// Makes text out of bytes of a server, harmless to a page and to a terminal: what is not UTF-8 becomes U+FFFD, sequences that
/// steer a terminal are dropped, control characters become spaces, and characters that cannot be seen but change how text is read
/// (direction of writing, zero width) are shown by their number, such as <c>‹U+202E›</c>.
/// </summary>
public static class ServerText
{
    private const int AnsiMost = 256;
    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Select(static i => (byte)i)]);

    /// <summary>Reads bytes; the result has <paramref name="most"/> characters at most.</summary>
    public static string Read(ReadOnlySpan<byte> utf8, int most)
    {
        var kept = utf8.Length > most * 4 ? utf8[..(most * 4)] : utf8;
        return kept.IndexOfAnyExcept(Plain) < 0
            ? Words.Find(kept.Length > most ? kept[..most] : kept)
            : Harmless(Encoding.UTF8.GetString(kept), most);
    }

    /// <summary>The same for text that is decoded already.</summary>
    public static string Harmless(string text, int most)
    {
        var result = new StringBuilder(Math.Min(text.Length, most));
        for (var i = 0; i < text.Length && result.Length < most; i++)
        {
            var c = text[i];
            if (c == '\u001B')
            {
                i = EndOfAnsi(text, i);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                Append(result, new Rune(c, text[++i]));
            }
            else
            {
                Append(result, char.IsSurrogate(c) ? Rune.ReplacementChar : new Rune(c));
            }
        }

        if (result.Length > most)
        {
            result.Length = char.IsHighSurrogate(result[most - 1]) ? most - 1 : most;
        }

        return result.ToString();
    }

    private static void Append(StringBuilder result, Rune rune)
    {
        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                result.Append(' ');
                break;
            case UnicodeCategory.Format:
                result.Append($"‹U+{rune.Value:X4}›");
                break;
            default:
                result.Append(rune.ToString());
                break;
        }
    }

    // ECMA-48: CSI takes parameters up to a final byte in @..~; OSC, DCS, APC, PM, SOS run to BEL or ST. An unended one takes no more
    // than AnsiMost characters with it, so that one byte cannot make the rest of a line disappear.
    private static int EndOfAnsi(string text, int at)
    {
        var end = Math.Min(text.Length, at + AnsiMost);
        if (at + 1 >= end)
        {
            return at;
        }

        switch (text[at + 1])
        {
            case '[':
                for (var i = at + 2; i < end; i++)
                {
                    if (text[i] is >= '@' and <= '~')
                    {
                        return i;
                    }
                }

                return at + 1;
            case ']' or 'P' or '_' or '^' or 'X':
                for (var i = at + 2; i < end; i++)
                {
                    if (text[i] == '\a')
                    {
                        return i;
                    }

                    if (text[i] == '\u001B' && i + 1 < end && text[i + 1] == '\\')
                    {
                        return i + 1;
                    }
                }

                return at + 1;
            default:
                return text[at + 1] is >= ' ' and <= '~' ? at + 1 : at;
        }
    }
}
