namespace OsModa.Core.Configuration;

/// <summary>
/// What can be seen of an expression's syntax without evaluating it: strings that end, comments that end, brackets that match. What passes may still be
/// wrong; the server's own Nix has the last word.
/// </summary>
public static class NixBrackets
{
    /// <summary>What is wrong, in a sentence with the line, or null.</summary>
    public static string? Fault(string text)
    {
        // What is open, innermost last: brackets, " for a string, ' for one in two single quotes, $ for ${ within a string.
        var open = new Stack<(char Sign, int Line)>();
        var line = 1;
        for (var i = 0; i < text.Length; i++)
        {
            line += text[i] == '\n' ? 1 : 0;
            var rest = text.AsSpan(i);
            var within = open.Count > 0 ? open.Peek().Sign : ' ';
            if (within is '"' or '\'')
            {
                i += InText(rest, within, open, line, ref line);
                continue;
            }

            if (char.IsAsciiLetter(text[i]) || text[i] == '_')
            {
                i += Name(rest) - 1;    // its quotes are its own: x'' begins no string
            }
            else if (text[i] == '#')
            {
                i += Math.Max(0, (rest.IndexOf('\n') is var end and >= 0 ? end : rest.Length) - 1);
            }
            else if (rest.StartsWith("/*"))
            {
                var end = rest.IndexOf("*/");
                if (end < 0)
                {
                    return $"Line {line}: the comment never ends.";
                }

                line += rest[..end].Count('\n');
                i += end + 1;
            }
            else if (rest.StartsWith("''"))
            {
                open.Push(('\'', line));
                i++;
            }
            else if (text[i] is '(' or '[' or '{' or '"')
            {
                open.Push((text[i], line));
            }
            else if (text[i] is ')' or ']' or '}')
            {
                if (open.Count == 0 || Closing(open.Peek().Sign) != text[i])
                {
                    return open.Count == 0 ? $"Line {line}: '{text[i]}' closes nothing." : $"Line {line}: '{text[i]}' comes before '{Shown(open.Peek().Sign)}' of line {open.Peek().Line} is closed.";
                }

                open.Pop();
            }
        }

        return open.Count == 0 ? null : $"Line {open.Peek().Line}: '{Shown(open.Peek().Sign)}' is never closed.";
    }

    // How many signs more than this one were taken.
    private static int InText(ReadOnlySpan<char> rest, char within, Stack<(char, int)> open, int at, ref int line)
    {
        if (within == '"' ? rest[0] == '"' : rest.StartsWith("''") && !(rest.Length > 2 && rest[2] is '\'' or '$' or '\\'))
        {
            open.Pop();
            return within == '"' ? 0 : 1;
        }

        if (within == '\'' && rest.StartsWith("''"))
        {
            return rest[2] == '\\' ? 3 : 2;    // an escape of three signs, or four
        }

        if (within == '"' && rest[0] == '\\')
        {
            line += rest.Length > 1 && rest[1] == '\n' ? 1 : 0;
            return 1;
        }

        if (rest.StartsWith("$${"))
        {
            return 1;    // two dollars stand for themselves
        }

        if (rest.StartsWith("${"))
        {
            open.Push(('$', at));
            return 1;
        }

        return 0;
    }

    private static int Name(ReadOnlySpan<char> rest)
    {
        var length = 1;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] is '_' or '\'' or '-'))
        {
            length++;
        }

        return length;
    }

    private static char Closing(char sign) => sign switch { '(' => ')', '[' => ']', '{' or '$' => '}', _ => sign };

    private static string Shown(char sign) => sign switch { '\'' => "''", '$' => "${", _ => sign.ToString() };
}
