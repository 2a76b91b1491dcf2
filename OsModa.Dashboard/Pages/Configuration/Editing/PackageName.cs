using OsModa.Core.Configuration;

namespace OsModa.Dashboard.Pages.Configuration.Editing;

/// <summary>Names of packages as people type them, with or without <c>pkgs.</c> before.</summary>
public static class PackageName
{
    private const string Before = "pkgs.";

    /// <summary>The package; a text, which the check refuses, where it is no name; null for nothing.</summary>
    public static NixValue? Read(string? typed)
    {
        var text = typed?.Trim() ?? "";
        text = text.StartsWith(Before, StringComparison.Ordinal) ? text[Before.Length..] : text;
        return text.Length == 0 ? null
            : OptionPath.TryParse(text, out var path, out _) && !path.HasPlaceholder ? new NixPackage(path.Parts)
            : new NixText(text);
    }
}
