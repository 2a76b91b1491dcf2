using System.Globalization;
using System.Text.RegularExpressions;

namespace OsModa.Core.Configuration;

/// <summary>Values as Nix that people read and <see cref="NixReader"/> reads back.</summary>
public static class NixWriter
{
    private const int LongestInline = 72;

    /// <summary>On one line, but for expressions that have several or a comment; texts of several lines with <c>\n</c>.</summary>
    public static string Inline(NixValue value) => value switch
    {
        NixNull => "null",
        NixBool(var yes) => yes ? "true" : "false",
        // The smallest number has no sign of its own in Nix: it would be 2^63 first.
        NixInteger(long.MinValue) => "(-9223372036854775807 - 1)",
        NixInteger(var whole) => whole.ToString(CultureInfo.InvariantCulture),
        NixFloat(var real) => Float(real),
        NixText(var text) => NixWords.Quoted(text),
        NixList(var items) => items.IsEmpty ? "[ ]" : $"[ {string.Join(' ', items.Select(Element))} ]",
        NixSet(var members) => members.IsEmpty ? "{ }" : $"{{ {string.Join(' ', members.Select(member => $"{NixWords.Name(member.Key)} = {Inline(member.Value)};"))} }}",
        NixPackage(var path) => $"pkgs.{string.Join('.', path.Select(NixWords.Name))}",
        // A bracket behind a comment would be part of it.
        NixExpression(var code) => code.Contains('#', StringComparison.Ordinal) ? $"({code}\n)" : $"({code})",
        NixOther(var what, var name) => $"<{name ?? what}>",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    /// <summary>As many lines as read well: the first goes behind <c>name = </c>, none ends with the semicolon.</summary>
    public static IReadOnlyList<string> Lines(NixValue value)
    {
        if (value is NixText(var text) && IsForLines(text))
        {
            return [.. Indented(text)];
        }

        if (value is NixExpression(var code) && code.AsSpan().IndexOfAny('\n', '#') >= 0)
        {
            return ["(", .. code.Split('\n'), ")"];
        }

        // What is within is worked out once: twice at each level would be without end for nested lists.
        var inline = Inline(value);
        switch (value)
        {
            case NixList({ Length: > 0 } items):
                var wrapped = items.Select(Wrapped).ToList();
                return inline.Length > LongestInline || wrapped.Exists(static lines => lines.Count > 1) ? ["[", .. wrapped.SelectMany(Shift), "]"] : [inline];
            case NixSet({ Count: > 0 } members):
                var bound = members.Select(member => Bound(NixWords.Name(member.Key), member.Value)).ToList();
                return inline.Length > LongestInline || members.Count > 2 || bound.Exists(static lines => lines.Count > 1) ? ["{", .. bound.SelectMany(Shift), "}"] : [inline];
            default:
                return [inline];
        }
    }

    /// <summary>A definition with its semicolon.</summary>
    internal static IReadOnlyList<string> Bound(string name, NixValue value, string before = "", string after = "")
    {
        var lines = Lines(value).ToArray();
        lines[0] = $"{name} = {before}{lines[0]}";
        lines[^1] += after + ";";
        return lines;
    }

    internal static IEnumerable<string> Shift(IEnumerable<string> lines) => lines.Select(line => line.Length == 0 ? line : "  " + line);

    /// <summary>Between other words, where a minus or an application would be read as something else.</summary>
    internal static string Element(NixValue value) => value is NixInteger(< 0 and > long.MinValue) or NixFloat(< 0) or NixFloat { Value: 0 } ? Negative(value) : Inline(value);

    private static string Negative(NixValue value) => Inline(value) is ['-', ..] text ? $"({text})" : Inline(value);

    private static IReadOnlyList<string> Wrapped(NixValue item)
    {
        var lines = Lines(item);
        return lines.Count > 1 ? lines : [Element(item)];
    }

    private static string Float(double real)
    {
        // Nix wants a point in every float, also before an exponent.
        var text = ValueWriter.Float(real);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        return e < 0 || text.AsSpan(0, e).Contains('.') ? text.Replace("E", "e", StringComparison.Ordinal) : $"{text[..e]}.0e{text[(e + 1)..]}";
    }

    // In '' '' Nix takes away the indentation that all lines share, so some line must begin at the margin; tabs and returns stay escapes. A
    // single quote before ''${ or before the closing quotes would be read together with them.
    private static bool IsForLines(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
        && text.AsSpan().IndexOfAny('\r', '\t') < 0
        && !text.EndsWith('\'')
        && !text.Contains("'${", StringComparison.Ordinal)
        && text.Split('\n') is var lines
        && lines.All(line => line.Length == 0 || !string.IsNullOrWhiteSpace(line))
        && lines.Any(line => line.Length > 0 && line[0] != ' ');

    private static IEnumerable<string> Indented(string text)
    {
        yield return "''";
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var escaped = lines[i].Replace("''", "'''", StringComparison.Ordinal).Replace("${", "''${", StringComparison.Ordinal);
            // The end of the text decides where the closing quotes stand.
            if (i < lines.Length - 1)
            {
                yield return escaped.Length == 0 ? "" : "  " + escaped;
            }
            else
            {
                yield return escaped.Length == 0 ? "''" : $"  {escaped}''";
            }
        }
    }
}
