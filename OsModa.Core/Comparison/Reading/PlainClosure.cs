using System.Globalization;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>A closure told as <c>SIZE PATH</c> lines, by a server whose Nix has no <c>path-info</c>. Which path names which is not known then.</summary>
internal static class PlainClosure
{
    /// <exception cref="FormatException">A line is none.</exception>
    public static StorePathInfo[] Parse(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            line.Split(' ') is [var size, var path] && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes <= PathInfoJson.MostBytes && StorePath.TryParse(path, out var store)
                ? new StorePathInfo(store, bytes, [])
                : throw new FormatException("The server's list of store paths has a line that is no path with its size.")),
    ];
}
