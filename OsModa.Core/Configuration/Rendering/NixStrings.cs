using System.Text;

namespace OsModa.Core.Configuration;

/// <summary>Reads the two kinds of strings of Nix without anything evaluated in them (Nix manual, "String").</summary>
internal static class NixStrings
{
    /// <param name="text">All of it.</param>
    /// <param name="at">At the opening quote; afterwards behind the closing one.</param>
    /// <param name="line">Counted on.</param>
    /// <exception cref="FormatException">It does not end, or has <c>${</c> in it.</exception>
    public static string Quoted(string text, ref int at, ref int line)
    {
        var (read, start) = (new StringBuilder(), line);
        for (var i = at + 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    at = i + 1;
                    return read.ToString();
                case '\\' when i + 1 < text.Length:
                    read.Append(Escaped(text[++i]));
                    line += text[i] == '\n' ? 1 : 0;
                    break;
                case '$' when i + 1 < text.Length && text[i + 1] == '{':
                    throw Evaluated(line);
                // A dollar that stands before another one means itself, whatever comes then.
                case '$' when i + 1 < text.Length && text[i + 1] == '$':
                    read.Append("$$");
                    i++;
                    break;
                default:
                    read.Append(text[i]);
                    line += text[i] == '\n' ? 1 : 0;
                    break;
            }
        }

        throw Open(start);
    }

    /// <summary>A string in two single quotes: the indentation that all its lines share is taken away, and a first line that is empty.</summary>
    public static string Indented(string text, ref int at, ref int line)
    {
        var (pieces, start) = (new List<(char Character, bool IsLiteral)>(), line);
        for (var i = at + 2; i < text.Length; i++)
        {
            if (text.AsSpan(i).StartsWith("''"))
            {
                if (i + 2 < text.Length && (text[i + 2] is '$' or '\'' or '\\'))
                {
                    i += 2;
                    if (text[i] == '\'')
                    {
                        pieces.AddRange([('\'', false), ('\'', false)]);
                    }
                    else
                    {
                        i += text[i] == '\\' ? 1 : 0;
                        pieces.Add(i < text.Length ? (text[i - 1] == '\\' ? Escaped(text[i]) : '$', true) : throw Open(start));
                    }

                    continue;
                }

                at = i + 2;
                return Stripped(pieces);
            }

            if (text.AsSpan(i).StartsWith("${"))
            {
                throw Evaluated(line);
            }

            pieces.Add((text[i], false));
            if (text.AsSpan(i).StartsWith("$$"))
            {
                pieces.Add(('$', false));
                i++;
            }

            line += text[i] == '\n' ? 1 : 0;
        }

        throw Open(start);
    }

    private static char Escaped(char c) => c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', _ => c };

    // Characters that were escaped are no indentation and end no line.
    private static string Stripped(List<(char Character, bool IsLiteral)> pieces)
    {
        var lines = new List<List<(char Character, bool IsLiteral)>> { new() };
        foreach (var piece in pieces)
        {
            if (piece is ('\n', false))
            {
                lines.Add([]);
            }
            else
            {
                lines[^1].Add(piece);
            }
        }

        static int Indentation(List<(char Character, bool IsLiteral)> line) => line.TakeWhile(piece => piece is (' ', false)).Count();
        var filled = lines.Where(line => Indentation(line) < line.Count).ToList();
        var shared = filled.Count == 0 ? int.MaxValue : filled.Min(Indentation);
        var texts = lines.Select(line => string.Concat(line.Skip(Math.Min(shared, Indentation(line))).Select(piece => piece.Character))).ToList();
        // The last line, if it is only indentation, is that of the closing quotes.
        if (texts.Count > 0 && Indentation(lines[^1]) == lines[^1].Count)
        {
            texts[^1] = "";
        }

        return string.Join('\n', lines.Count > 1 && Indentation(lines[0]) == lines[0].Count ? texts.Skip(1) : texts);
    }

    private static FormatException Evaluated(int line) => new($"Line {line}: a text with ${{…}} in it would have to be evaluated. Write \\${{ for the characters themselves.");

    private static FormatException Open(int line) => new($"Line {line}: a text that begins here does not end.");
}
