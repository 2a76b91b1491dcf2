using System.Text.RegularExpressions;

namespace OsModa.Core.Comparison;

/// <summary>The package whose program a service runs: the first store path of its first <c>ExecStart=</c> that has a version.</summary>
public static partial class UnitProgram
{
    /// <summary>Name and version; null when it runs nothing that has one.</summary>
    public static (string Name, string Version)? Of(string? unitText)
    {
        foreach (var command in unitText is null ? [] : UnitFile.Parse([unitText]).Values("Service", "ExecStart"))
        {
            if (StorePackage().Match(command) is { Success: true } path)
            {
                return (path.Groups["name"].Value, path.Groups["version"].Value);
            }
        }

        return null;
    }

    [GeneratedRegex(@"/nix/store/[0-9a-z]{32}-(?<name>[A-Za-z][A-Za-z0-9_+.]*(-[A-Za-z][A-Za-z0-9_+.]*)*)-(?<version>[0-9][A-Za-z0-9.+_]*(-[0-9A-Za-z.+_]+)*)/", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex StorePackage();
}
