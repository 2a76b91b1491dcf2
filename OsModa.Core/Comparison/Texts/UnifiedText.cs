using System.Text;

namespace OsModa.Core.Comparison.Texts;

/// <summary>Writes a comparison as <c>diff -u</c> would, for files and for <c>patch</c>.</summary>
public static class UnifiedText
{
    private const string NoNewline = "\\ No newline at end of file";

    /// <summary>
    /// The whole difference as text, empty when there is none. Of texts that are none or too large it has one sentence, as diff has of binary files.
    /// The texts come from a server: show the result nowhere but in a file.
    /// </summary>
    /// <param name="comparison">What to write.</param>
    /// <param name="fromName">A name for the left side, such as a path; <c>/dev/null</c> where there is no file.</param>
    /// <param name="toName">The same for the right side.</param>
    public static string Write(TextComparison comparison, string fromName, string toName)
    {
        switch (comparison.Verdict)
        {
            case TextVerdict.Alike:
                return "";
            case TextVerdict.Binary:
                return $"Binary files {OneLine(fromName)} and {OneLine(toName)} differ\n";
            case TextVerdict.TooLarge:
                return $"Files {OneLine(fromName)} and {OneLine(toName)} differ\n";
        }

        var text = new StringBuilder($"--- {OneLine(fromName)}\n+++ {OneLine(toName)}\n");
        foreach (var hunk in comparison.Parts.OfType<TextHunk>())
        {
            Write(Trimmed(hunk, comparison.Context), text);
        }

        return text.ToString();
    }

    // A page shows a line rather than the note that one is folded; patch takes a hunk with less behind its changes than before them for the end of the file.
    private static TextHunk Trimmed(TextHunk hunk, int context)
    {
        var first = hunk.Rows.TakeWhile(row => row.Kind == TextRowKind.Same).Count();
        var last = hunk.Rows.Reverse().TakeWhile(row => row.Kind == TextRowKind.Same).Count();
        var (cut, end) = (Math.Max(0, first - context), hunk.Rows.Length - Math.Max(0, last - context));
        var header = hunk.Rows.Take(cut).LastOrDefault(row => SectionHeader.Is(row.To!.Text));
        return new TextHunk(hunk.FromLine + cut, hunk.ToLine + cut, header?.To!.Text ?? hunk.Section, hunk.Rows[cut..end]);
    }

    private static void Write(TextHunk hunk, StringBuilder text)
    {
        text.Append($"@@ -{Span(hunk.FromLine, hunk.FromCount)} +{Span(hunk.ToLine, hunk.ToCount)} @@");
        text.Append(hunk.Section is null ? "\n" : $" {hunk.Section}\n");

        // What comes waits until all that goes at the same place is written.
        var waiting = new List<TextLine>();
        foreach (var row in hunk.Rows)
        {
            if (row.Kind == TextRowKind.Same)
            {
                Write('+', waiting, text);
                Write(' ', row.To!, text);
                continue;
            }

            if (row.From is { } gone)
            {
                Write('-', gone, text);
            }

            if (row.To is { } come)
            {
                waiting.Add(come);
            }
        }

        Write('+', waiting, text);
    }

    private static void Write(char sign, List<TextLine> lines, StringBuilder text)
    {
        lines.ForEach(line => Write(sign, line, text));
        lines.Clear();
    }

    private static void Write(char sign, TextLine line, StringBuilder text)
    {
        text.Append(sign).Append(line.Text).Append(line.Ending == LineEnding.CarriageReturn ? "\r\n" : "\n");
        if (line.Ending == LineEnding.None)
        {
            text.Append(NoNewline).Append('\n');
        }
    }

    // Where a side has no lines, the number is that of the line before.
    private static string Span(int line, int count) => count switch
    {
        0 => $"{line - 1},0",
        1 => $"{line}",
        _ => $"{line},{count}",
    };

    private static string OneLine(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
}
