using System.Runtime.InteropServices;

namespace OsModa.Core.Comparison.Texts;

/// <summary>One comparison of two texts: which lines belong together, and what is shown of them.</summary>
internal sealed class LineDifference(SourceLine[] from, SourceLine[] to, TextLimits limits)
{
    public TextComparison Result(TextSize fromSize, TextSize toSize)
    {
        var (a, b) = Keys();
        var edit = ShortestEdit.Between(a, b, limits.MaxEdits);
        var steps = Steps(edit);
        var (removed, added) = (0, 0);
        foreach (var step in steps)
        {
            if (!IsSame(step))
            {
                removed += step.From >= 0 ? 1 : 0;
                added += step.To >= 0 ? 1 : 0;
            }
        }

        var rows = new TextRows(from, to, limits.LookPastHashes);
        return new TextComparison
        {
            Verdict = TextVerdict.Differ,
            From = fromSize,
            To = toSize,
            Parts = new TextParts(from, to, steps, IsSame, rows, limits).Cut(),
            Rows = rows,
            Removed = removed,
            Added = added,
            Context = limits.Context,
            Coarse = edit.Coarse,
        };
    }

    private bool IsSame(LineStep step) => step is { From: >= 0, To: >= 0 } && from[step.From] == to[step.To];

    // One number for each different line.
    private (int[] From, int[] To) Keys()
    {
        var numbers = new Dictionary<SourceLine, int>(from.Length + to.Length);
        int[] Numbered(SourceLine[] lines) => Array.ConvertAll(lines, line =>
        {
            var key = limits.LookPastHashes ? line with { Text = HashMark.Without(line.Text) } : line;
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, key, out var known);
            return number = known ? number : numbers.Count;
        });
        return (Numbered(from), Numbered(to));
    }

    private List<LineStep> Steps(ShortestEdit edit)
    {
        var steps = new List<LineStep>(Math.Max(from.Length, to.Length));
        var pairing = new LinePairing(from, to, steps);
        for (var (i, j) = (0, 0); i < from.Length || j < to.Length;)
        {
            var (startI, startJ) = (i, j);
            while (i < from.Length && edit.Removed[i])
            {
                i++;
            }

            while (j < to.Length && edit.Added[j])
            {
                j++;
            }

            if (i > startI || j > startJ)
            {
                pairing.Add(startI..i, startJ..j);
            }
            else
            {
                steps.Add(new LineStep(i++, j++));
            }
        }

        return steps;
    }
}
