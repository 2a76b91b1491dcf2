using System.Collections.Immutable;
using System.Globalization;

namespace OsModa.Core.Nix;

/// <summary>Reads the plain lists that closures.sh prints where Nix has no <c>path-info</c>: <c>system PATH</c>, then <c>SIZE PATH</c> lines. A path that is told twice of one system counts once.</summary>
public static class ClosureList
{
    /// <exception cref="FormatException">A line is neither of the two.</exception>
    public static ImmutableDictionary<StorePath, ClosureSize> Measure(string text)
    {
        var closures = new Dictionary<StorePath, Dictionary<StorePath, long>>();
        var users = new Dictionary<StorePath, int>();
        Dictionary<StorePath, long>? closure = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !StorePath.TryParse(line[(space + 1)..], out var path))
            {
                throw new FormatException("A line of closures.sh names no store path.");
            }

            if (line[..space] == "system")
            {
                if (!closures.TryGetValue(path, out closure))
                {
                    closures[path] = closure = [];
                }
            }
            else if (closure is not null && long.TryParse(line[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes <= PathInfoJson.MostBytes)
            {
                if (closure.TryAdd(path, bytes))
                {
                    users[path] = users.GetValueOrDefault(path) + 1;
                }
            }
            else
            {
                throw new FormatException("A line of closures.sh has no possible size, or belongs to no system.");
            }
        }

        return closures.ToImmutableDictionary(
            one => one.Key,
            one => new ClosureSize(one.Value.Values.Sum(), one.Value.Where(path => users[path.Key] == 1).Sum(path => path.Value), one.Value.Count));
    }
}
