namespace OsModa.Core.Comparison.Texts;

/// <summary>
/// Finds the fewest elements to remove and to add that turn one sequence into another: Myers' search from both ends,
/// which needs memory for one row of diagonals alone and halves the task where the two searches meet.
/// </summary>
internal sealed class ShortestEdit
{
    private readonly int[] _a;
    private readonly int[] _b;
    private readonly int _deepest;
    private readonly int[] _ahead;
    private readonly int[] _back;
    private readonly int _zero;

    private ShortestEdit(int[] a, int[] b, int maxEdits)
    {
        (_a, _b) = (a, b);
        _deepest = Math.Max(1, maxEdits / 2);
        _zero = b.Length + 1;
        _ahead = new int[a.Length + b.Length + 3];
        _back = new int[a.Length + b.Length + 3];
        Removed = new bool[a.Length];
        Added = new bool[b.Length];
    }

    /// <summary>Which elements of the first sequence go.</summary>
    public bool[] Removed { get; }

    /// <summary>Which elements of the second sequence come.</summary>
    public bool[] Added { get; }

    /// <summary>A stretch needed more than the allowed edits and was replaced as a whole.</summary>
    public bool Coarse { get; private set; }

    public static ShortestEdit Between(int[] a, int[] b, int maxEdits)
    {
        var edit = new ShortestEdit(a, b, maxEdits);
        edit.Solve(0, a.Length, 0, b.Length);
        return edit;
    }

    private void Solve(int aStart, int aEnd, int bStart, int bEnd)
    {
        while (aStart < aEnd && bStart < bEnd && _a[aStart] == _b[bStart])
        {
            (aStart, bStart) = (aStart + 1, bStart + 1);
        }

        while (aStart < aEnd && bStart < bEnd && _a[aEnd - 1] == _b[bEnd - 1])
        {
            (aEnd, bEnd) = (aEnd - 1, bEnd - 1);
        }

        if (aStart < aEnd && bStart < bEnd && Meet(aStart, aEnd - aStart, bStart, bEnd - bStart) is { } snake)
        {
            // Both halves need fewer edits than the whole, which needs two at least once its ends are trimmed.
            Solve(aStart, aStart + snake.X, bStart, bStart + snake.Y);
            Solve(aStart + snake.EndX, aEnd, bStart + snake.EndY, bEnd);
            return;
        }

        Coarse |= aStart < aEnd && bStart < bEnd;
        Array.Fill(Removed, true, aStart, aEnd - aStart);
        Array.Fill(Added, true, bStart, bEnd - bStart);
    }

    /// <summary>The stretch of equal elements in which a shortest way from the start and one from the end meet; null when they are too far apart.</summary>
    private (int X, int Y, int EndX, int EndY)? Meet(int aStart, int n, int bStart, int m)
    {
        Array.Clear(_ahead, _zero - m - 1, n + m + 3);
        Array.Clear(_back, _zero - m - 1, n + m + 3);
        var odd = ((n + m) & 1) == 1;
        var deepest = Math.Min((n + m + 1) / 2, _deepest);
        for (var depth = 0; depth <= deepest; depth++)
        {
            // Diagonals beyond the edges of the field lead nowhere.
            var (low, high) = (-(depth - 2 * Math.Max(0, depth - m)), depth - 2 * Math.Max(0, depth - n));
            for (var k = low; k <= high; k += 2)
            {
                var x = Step(_ahead, k, depth);
                var y = x - k;
                var (startX, startY) = (x, y);
                while (x < n && y < m && _a[aStart + x] == _b[bStart + y])
                {
                    (x, y) = (x + 1, y + 1);
                }

                _ahead[_zero + k] = x;
                if (odd && Math.Abs(n - m - k) <= depth - 1 && x + _back[_zero + n - m - k] >= n)
                {
                    return (startX, startY, x, y);
                }
            }

            for (var k = low; k <= high; k += 2)
            {
                var x = Step(_back, k, depth);
                var y = x - k;
                var (startX, startY) = (x, y);
                while (x < n && y < m && _a[aStart + n - 1 - x] == _b[bStart + m - 1 - y])
                {
                    (x, y) = (x + 1, y + 1);
                }

                _back[_zero + k] = x;
                if (!odd && Math.Abs(n - m - k) <= depth && x + _ahead[_zero + n - m - k] >= n)
                {
                    return (n - x, m - y, n - startX, m - startY);
                }
            }
        }

        return null;
    }

    private int Step(int[] reached, int k, int depth) =>
        k == -depth || (k != depth && reached[_zero + k - 1] < reached[_zero + k + 1])
            ? reached[_zero + k + 1]
            : reached[_zero + k - 1] + 1;
}
