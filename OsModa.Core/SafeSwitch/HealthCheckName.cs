using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core.SafeSwitch;

/// <summary>What a person calls a check, such as <c>shop-http</c>: letters, digits, dots, dashes and underscores, 40 at most.</summary>
public readonly record struct HealthCheckName
{
    private static readonly WordShape Shape = WordShape.Name(40);

    private HealthCheckName(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse(string? text, out HealthCheckName name, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        var fits = Shape.Fits(trimmed);
        error = fits ? null : "The name of a check begins with a letter or a digit and has letters, digits, dots, dashes and underscores, 40 at most.";
        name = fits ? new HealthCheckName(trimmed) : default;
        return fits;
    }

    public override string ToString() => Text;
}
