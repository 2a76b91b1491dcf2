using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core.Servers;

/// <summary>What people call a server: letters, digits, dot, dash, underscore, 63 at most, a letter or digit first.</summary>
public readonly record struct ServerName
{
    private static readonly WordShape Shape = WordShape.Name(63);

    private ServerName(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse(string? text, out ServerName name, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        error = trimmed.Length == 0 ? "Enter a name, such as web1."
            : Shape.Fits(trimmed) ? null
            : "A name has letters, digits, dots, dashes and underscores, 63 at most, and begins with a letter or digit.";
        name = error is null ? new ServerName(trimmed) : default;
        return error is null;
    }

    public override string ToString() => Text;
}
