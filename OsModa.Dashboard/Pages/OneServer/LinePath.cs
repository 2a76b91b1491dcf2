using System.Globalization;
using System.Text;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>Values in equal steps of time as the path of a small line, the newest at its right end.</summary>
public static class LinePath
{
    /// <summary>Of the drawing, in its own units.</summary>
    public const int Height = 24;

    // Half the width of the line: whatever is at the very top or bottom is drawn whole.
    private const double Edge = 1;

    /// <param name="values">Oldest first; where one is not a number the line has a gap.</param>
    /// <param name="width">One for each value that there may be.</param>
    /// <param name="top">The value that is drawn at the top; more is drawn there too. At the bottom is 0.</param>
    public static string Of(IReadOnlyList<double> values, int width, double top)
    {
        var path = new StringBuilder();
        var drawn = false;
        for (var i = 0; i < values.Count; i++)
        {
            if (double.IsFinite(values[i]))
            {
                var y = Height - Edge - (Math.Clamp(values[i] / top, 0, 1) * (Height - (2 * Edge)));
                path.Append(drawn ? 'L' : 'M').Append(width - values.Count + i).Append(' ').Append(y.ToString("0.#", CultureInfo.InvariantCulture));
            }

            drawn = double.IsFinite(values[i]);
        }

        return path.ToString();
    }
}
