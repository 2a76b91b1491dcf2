using System.Globalization;
using System.Runtime.InteropServices;

namespace OsModa.Core.Ledger.Tree;

/// <summary>Names a tile of hashes, or a bundle of entries, of a log (C2SP tlog-tiles).</summary>
/// <param name="Level">0 to 63; <see cref="Entries"/> for a bundle.</param>
/// <param name="Index">Within the level, from 0.</param>
/// <param name="Width">How many hashes or entries, 1 to 256; less than 256 is a partial one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TileId(int Level, long Index, int Width)
{
    public const int FullWidth = 256;
    public const int Entries = -1;
    private const int MostLevels = 64;

    public bool IsFull => Width == FullWidth;

    /// <summary>Path below the log's prefix, such as <c>tile/0/x001/x234/067.p/3</c>.</summary>
    public string Path
    {
        get
        {
            var groups = (Index % 1000).ToString("000", CultureInfo.InvariantCulture);
            for (var rest = Index / 1000; rest > 0; rest /= 1000)
            {
                groups = $"x{rest % 1000:000}/{groups}";
            }

            var level = Level == Entries ? "entries" : Level.ToString(CultureInfo.InvariantCulture);
            return IsFull ? $"tile/{level}/{groups}" : $"tile/{level}/{groups}.p/{Width}";
        }
    }

    public static bool TryParse(string? path, out TileId tile)
    {
        tile = default;
        if (path is not { Length: < 128 } || path.Split('/') is not ["tile", var levelText, .. var rest])
        {
            return false;
        }

        var level = Entries;
        if (levelText != "entries" && (!TryNumber(levelText, out level) || level >= MostLevels))
        {
            return false;
        }

        var width = FullWidth;
        if (rest is [.. var before, var last, var widthText] && last.EndsWith(".p", StringComparison.Ordinal))
        {
            rest = [.. before, last[..^2]];
            if (!TryNumber(widthText, out width) || width is < 1 or >= FullWidth)
            {
                return false;
            }
        }

        // Read, written again, and compared: so each tile has one path.
        var index = 0L;
        foreach (var group in rest)
        {
            if (index > long.MaxValue / 1000 - 1 || !int.TryParse(group.AsSpan(group.StartsWith('x') ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) || digits > 999)
            {
                return false;
            }

            index = (index * 1000) + digits;
        }

        tile = new TileId(level, index, width);
        return tile.Path == path;
    }

    /// <summary>All tiles of a tree, without the bundles: of each level the full ones and then the partial one.</summary>
    public static IEnumerable<TileId> OfTree(long size)
    {
        for (var level = 0; size > 0; level++, size /= FullWidth)
        {
            for (var i = 0L; i < size / FullWidth; i++)
            {
                yield return new TileId(level, i, FullWidth);
            }

            if (size % FullWidth is var width and > 0)
            {
                yield return new TileId(level, size / FullWidth, (int)width);
            }
        }
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (text.Length == 1 || text[0] != '0');
}
