using System.Text.RegularExpressions;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>Store paths in the midst of a text.</summary>
internal static partial class StorePathNames
{
    public static List<StorePath> In(string text)
    {
        var paths = new List<StorePath>();
        foreach (Match match in StoreFile().Matches(text))
        {
            if (StorePath.TryParse(match.Value, out var path))
            {
                paths.Add(path);
            }
        }

        return paths;
    }

    /// <summary>The text without their hashes and versions: what then differs is more than another build.</summary>
    public static string WithoutVersions(string text) =>
        StoreFile().Replace(text, match => StorePath.TryParse(match.Value, out var path) ? StorePath.Folder + PackageKey.Of(path).Name : match.Value);

    [GeneratedRegex("/nix/store/[0-9a-df-np-sv-z]{32}-[A-Za-z0-9+._?=-]{1,211}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex StoreFile();
}
