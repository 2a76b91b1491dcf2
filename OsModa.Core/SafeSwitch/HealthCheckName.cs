using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OsModa.Core.SafeSwitch;

/// <summary>What a person calls a check, such as <c>shop-http</c>: letters, digits, dots, dashes and underscores, 40 at most.</summary>
public readonly partial record struct HealthCheckName
{
    private HealthCheckName(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse(string? text, out HealthCheckName name, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        var fits = Shape().IsMatch(trimmed);
        error = fits ? null : "The name of a check begins with a letter or a digit and has letters, digits, dots, dashes and underscores, 40 at most.";
        name = fits ? new HealthCheckName(trimmed) : default;
        return fits;
    }

    public override string ToString() => Text;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._\-]{0,39}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
