using System.Collections.Immutable;

namespace OsModa.Core.Comparison.Texts;

/// <summary>Cuts lines into segments, alone or against the line that took their place.</summary>
internal static class WordDifference
{
    // More than this in one line, and marks within it help nobody.
    private const int MostTokens = 4_000;
    private const int MostEdits = 400;

    /// <summary>A line for itself, all of one kind but for its hashes.</summary>
    public static ImmutableArray<TextSegment> Alone(string line, TextSegmentKind kind, bool hashes) =>
        hashes && line.Contains("/nix/store/", StringComparison.Ordinal)
            ? Segments(line, WordToken.Read(line, hashes), (_, token) => token.IsHash ? TextSegmentKind.Hash : kind)
            : line.Length == 0 ? [] : [new TextSegment(line, kind)];

    /// <summary>Two lines, each with what it does not share with the other.</summary>
    public static (ImmutableArray<TextSegment> From, ImmutableArray<TextSegment> To) Between(string from, string to, bool hashes)
    {
        var (a, b) = (WordToken.Read(from, hashes), WordToken.Read(to, hashes));
        if (Math.Max(a.Count, b.Count) > MostTokens)
        {
            return (Alone(from, TextSegmentKind.Changed, hashes), Alone(to, TextSegmentKind.Changed, hashes));
        }

        var numbers = new Dictionary<string, int>();
        var edit = ShortestEdit.Between(Numbered(from, a, numbers), Numbered(to, b, numbers), MostEdits);
        var rebuilt = Rebuilt(from, a, to, b, edit);
        return (
            Segments(from, a, (i, token) => KindOf(token, edit.Removed[i], rebuilt.From.Contains(i))),
            Segments(to, b, (i, token) => KindOf(token, edit.Added[i], rebuilt.To.Contains(i))));
    }

    private static TextSegmentKind KindOf(WordToken token, bool changed, bool rebuilt) =>
        rebuilt ? TextSegmentKind.Rebuilt : token.IsHash ? TextSegmentKind.Hash : changed ? TextSegmentKind.Changed : TextSegmentKind.Same;

    // Any hash takes the place of any other: what stands behind it says whether it is the same thing.
    private static int[] Numbered(string line, List<WordToken> tokens, Dictionary<string, int> numbers)
    {
        var lookup = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        var result = new int[tokens.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var text = tokens[i].IsHash ? "" : tokens[i].In(line);
            if (!lookup.TryGetValue(text, out result[i]))
            {
                result[i] = numbers.Count;
                lookup[text] = result[i];
            }
        }

        return result;
    }

    private static (HashSet<int> From, HashSet<int> To) Rebuilt(string from, List<WordToken> a, string to, List<WordToken> b, ShortestEdit edit)
    {
        var (inFrom, inTo) = (new HashSet<int>(), new HashSet<int>());
        for (var (i, j) = (0, 0); i < a.Count && j < b.Count;)
        {
            if (edit.Removed[i])
            {
                i++;
            }
            else if (edit.Added[j])
            {
                j++;
            }
            else
            {
                if (a[i].IsHash && !a[i].In(from).SequenceEqual(b[j].In(to))
                    && i + 1 < a.Count && j + 1 < b.Count && a[i + 1].In(from).SequenceEqual(b[j + 1].In(to)))
                {
                    inFrom.Add(i);
                    inTo.Add(j);
                }

                (i, j) = (i + 1, j + 1);
            }
        }

        return (inFrom, inTo);
    }

    private static ImmutableArray<TextSegment> Segments(string line, List<WordToken> tokens, Func<int, WordToken, TextSegmentKind> kindOf)
    {
        var segments = ImmutableArray.CreateBuilder<TextSegment>();
        for (var i = 0; i < tokens.Count;)
        {
            var kind = kindOf(i, tokens[i]);
            var end = i + 1;
            while (end < tokens.Count && !tokens[i].IsHash && !tokens[end].IsHash && kindOf(end, tokens[end]) == kind)
            {
                end++;
            }

            var start = tokens[i].Start;
            var until = tokens[end - 1].Start + tokens[end - 1].Length;
            segments.Add(new TextSegment(line[start..until], kind));
            i = end;
        }

        return segments.ToImmutable();
    }
}
