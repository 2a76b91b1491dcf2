using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core.Configuration;

/// <summary>A branch of a Git repository: a part of what git admits (git-check-ref-format(1)) that no program reads a meaning into.</summary>
public readonly record struct BranchName
{
    public const int Longest = 100;

    private const string Letters = WordShape.Small + WordShape.Capital + WordShape.Digits;
    private static readonly WordShape Shape = new(Letters, Letters + "._-/+", Longest);

    private BranchName(string text) => Text = text;

    public string Text { get; }

    /// <summary>What repositories begin with: main.</summary>
    public static BranchName Main { get; } = new("main");

    /// <summary>As a reference of the repository: <c>refs/heads/main</c>.</summary>
    internal string Reference => $"refs/heads/{Text}";

    /// <summary>Nothing typed is main.</summary>
    public static bool TryParse(string? text, out BranchName branch, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        var fits = trimmed.Length == 0 || (Shape.Fits(trimmed) && trimmed != "HEAD" && trimmed.Split('/').All(IsPart));
        error = fits ? null : $"Not a branch: begin with a letter or digit, then letters, digits and . _ - + /, {Longest} at most, such as main or osmoda/servers.";
        branch = fits ? trimmed.Length == 0 ? Main : new BranchName(trimmed) : default;
        return fits;
    }

    public override string ToString() => Text;

    private static bool IsPart(string part) =>
        part.Length > 0 && part[0] is not ('.' or '-') && part[^1] != '.' && !part.Contains("..", StringComparison.Ordinal) && !part.EndsWith(".lock", StringComparison.Ordinal);
}
