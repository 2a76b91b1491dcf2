using System.Text;

namespace OsModa.Core.Servers;

/// <summary>
/// The picture of a key that <c>ssh-keygen -lv</c> draws, for comparing by eye. A bishop starts in the middle and takes one diagonal
/// step for each pair of bits of the fingerprint; a square looks the darker the more often it was visited.
/// </summary>
public static class Randomart
{
    private const int Width = 17;
    private const int Height = 9;
    private const string Shades = " .o+=*BOX@%&#/^";

    /// <summary>Eleven lines of nineteen characters.</summary>
    public static string Draw(HostKey key)
    {
        var visits = new int[Height, Width];
        var (x, y) = (Width / 2, Height / 2);
        foreach (var octet in key.Digest)
        {
            for (var shift = 0; shift < 8; shift += 2)
            {
                var step = octet >> shift;
                x = Math.Clamp(x + ((step & 1) == 0 ? -1 : 1), 0, Width - 1);
                y = Math.Clamp(y + ((step & 2) == 0 ? -1 : 1), 0, Height - 1);
                visits[y, x]++;
            }
        }

        var (bits, name) = key.Strength;
        var title = $"[{name} {bits}]";
        var drawing = new StringBuilder().Append(Border(title.Length > Width ? $"[{name}]" : title)).Append('\n');
        for (var row = 0; row < Height; row++)
        {
            drawing.Append('|');
            for (var column = 0; column < Width; column++)
            {
                drawing.Append((row, column) == (y, x) ? 'E'
                    : (row, column) == (Height / 2, Width / 2) ? 'S'
                    : Shades[Math.Min(visits[row, column], Shades.Length - 1)]);
            }

            drawing.Append("|\n");
        }

        return drawing.Append(Border("[SHA256]")).ToString();
    }

    private static string Border(string title)
    {
        var left = (Width - title.Length) / 2;
        return $"+{new string('-', left)}{title}{new string('-', Width - title.Length - left)}+";
    }
}
