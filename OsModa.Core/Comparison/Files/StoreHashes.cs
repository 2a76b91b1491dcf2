using System.Text.RegularExpressions;

namespace OsModa.Core.Comparison;

/// <summary>Looks away from the hashes of store paths: two texts that differ in nothing else say the same with rebuilt parts.</summary>
public static partial class StoreHashes
{
    /// <summary>The text with each hash of a store path left out.</summary>
    public static string Without(string text) => Hash().Replace(text, "/nix/store/");

    [GeneratedRegex("/nix/store/[0-9a-df-np-sv-z]{32}-", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Hash();
}
