using System.Collections.Immutable;
using OsModa.Core.Comparison.Texts;

namespace OsModa.Tests.Comparison.Texts;

/// <summary>One case of Differences.txt.</summary>
internal sealed record TextCase(string Title, string From, string To, IReadOnlyList<string> Says)
{
    public static IReadOnlyList<TextCase> All { get; } = Read();

    /// <summary>A hash that Nix could have made.</summary>
    public static string Hash(int number) => number.ToString("d32");

    /// <summary>A comparison as the file writes it.</summary>
    public static IEnumerable<string> LinesOf(TextComparison comparison) => comparison.Parts.SelectMany(part => part switch
    {
        TextFold fold => [$"= {fold.Count}{(fold.Section is null ? "" : ' ' + fold.Section)}"],
        TextHunk hunk => hunk.Rows.Select(Row),
        _ => throw new InvalidOperationException($"{part} has no line in the table."),
    });

    private static string Row(TextRow row) => row switch
    {
        { Kind: TextRowKind.Same, From: { } from, To: { } to } => $" {from.Number} {to.Number} {Shown(to)}",
        { Kind: TextRowKind.Removed, From: { } from, To: null } => $"- {from.Number} {Shown(from)}",
        { Kind: TextRowKind.Added, From: null, To: { } to } => $"+ {to.Number} {Shown(to)}",
        { Kind: TextRowKind.Changed, From: { } from, To: { } to } => $"~ {from.Number} {to.Number} {Shown(from)} → {Shown(to)}",
        { Kind: TextRowKind.Rebuilt, From: { } from, To: { } to } => $"# {from.Number} {to.Number} {Shown(from)} → {Shown(to)}",
        _ => throw new InvalidOperationException($"{row.Kind} with the wrong lines."),
    };

    private static string Shown(TextLine line) => string.Concat(line.Segments.Select(segment => segment.Kind switch
    {
        TextSegmentKind.Same => segment.Text,
        TextSegmentKind.Changed => $"[{segment.Text}]",
        TextSegmentKind.Hash => "@",
        _ => "{}",
    })) + line.Ending switch
    {
        LineEnding.None => "¶",
        LineEnding.CarriageReturn => "␍",
        _ => "",
    };

    private static ImmutableArray<TextCase> Read()
    {
        using var stream = typeof(TextCase).Assembly.GetManifestResourceStream("Differences.txt")!;
        using var reader = new StreamReader(stream);
        return
        [
            .. reader.ReadToEnd()
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(paragraph => paragraph.Split('\n'))
                .Where(lines => !lines[0].StartsWith('#'))
                .Select(Case),
        ];
    }

    private static TextCase Case(string[] lines)
    {
        var (from, to, says) = (Array.IndexOf(lines, "from"), Array.IndexOf(lines, "to"), Array.IndexOf(lines, "says"));
        return new TextCase(lines[0], Text(lines[(from + 1)..to]), Text(lines[(to + 1)..says]), [.. lines[(says + 1)..].Where(line => line.Length > 0)]);
    }

    private static string Text(string[] lines)
    {
        var text = string.Concat(lines.Where(line => line.StartsWith('|')).Select(line => line[1..].Replace("\\r", "\r", StringComparison.Ordinal) + "\n"));
        for (var hash = 1; hash < 10; hash++)
        {
            text = text.Replace($"HASH{hash}", Hash(hash), StringComparison.Ordinal);
        }

        return lines is [.., "no newline"] ? text[..^1] : text;
    }
}
