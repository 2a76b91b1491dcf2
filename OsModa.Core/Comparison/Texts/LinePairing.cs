namespace OsModa.Core.Comparison.Texts;

/// <summary>Finds in a stretch of removed and added lines those that became each other, in the order of both sides.</summary>
internal sealed class LinePairing(SourceLine[] from, SourceLine[] to, List<LineStep> steps)
{
    // A unit file has some 60 lines; stretches beyond this are another file, where pairs say nothing.
    private const int MostPairs = 64 * 64;

    private const int Likely = 50;
    private const int SameSetting = 60;
    private const int MostCharacters = 300;

    /// <summary>Adds the steps for a stretch.</summary>
    public void Add(Range gone, Range come)
    {
        var (goneStart, rows) = gone.GetOffsetAndLength(from.Length);
        var (comeStart, columns) = come.GetOffsetAndLength(to.Length);
        var (i, j) = (0, 0);
        if (rows > 0 && columns > 0 && rows * (long)columns <= MostPairs)
        {
            var score = Scores(goneStart, rows, comeStart, columns, out var best);
            while (i < rows && j < columns)
            {
                if (score[i, j] >= Likely && best[i, j] == score[i, j] + best[i + 1, j + 1])
                {
                    steps.Add(new LineStep(goneStart + i++, comeStart + j++));
                }
                else if (best[i, j] == best[i + 1, j])
                {
                    steps.Add(new LineStep(goneStart + i++, LineStep.None));
                }
                else
                {
                    steps.Add(new LineStep(LineStep.None, comeStart + j++));
                }
            }
        }

        for (; i < rows; i++)
        {
            steps.Add(new LineStep(goneStart + i, LineStep.None));
        }

        for (; j < columns; j++)
        {
            steps.Add(new LineStep(LineStep.None, comeStart + j));
        }
    }

    // best[i, j] is what the lines from i and j on can reach together.
    private int[,] Scores(int goneStart, int rows, int comeStart, int columns, out int[,] best)
    {
        var score = new int[rows, columns];
        best = new int[rows + 1, columns + 1];
        var others = Enumerable.Range(comeStart, columns).Select(line => HashMark.Without(to[line].Text).Trim()).ToArray();
        for (var i = rows - 1; i >= 0; i--)
        {
            var one = HashMark.Without(from[goneStart + i].Text).Trim();
            for (var j = columns - 1; j >= 0; j--)
            {
                score[i, j] = Likeness(one, others[j]);
                var paired = score[i, j] >= Likely ? score[i, j] + best[i + 1, j + 1] : 0;
                best[i, j] = Math.Max(paired, Math.Max(best[i + 1, j], best[i, j + 1]));
            }
        }

        return score;
    }

    /// <summary>From 0 to 100; settings of the same name are likely one line, whatever they are set to.</summary>
    private static int Likeness(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a[..Math.Min(a.Length, MostCharacters)];
        b = b[..Math.Min(b.Length, MostCharacters)];
        var longer = Math.Max(a.Length, b.Length);
        if (longer == 0)
        {
            return 100;
        }

        var prefix = a.CommonPrefixLength(b);
        var suffix = 0;
        while (suffix < Math.Min(a.Length, b.Length) - prefix && a[^(suffix + 1)] == b[^(suffix + 1)])
        {
            suffix++;
        }

        var shared = 100 * (prefix + suffix) / longer;
        var key = a.IndexOf('=');
        return key > 0 && prefix > key ? SameSetting + shared * (100 - SameSetting) / 100 : shared;
    }
}
