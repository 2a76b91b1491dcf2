using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OsModa.Core.Servers;

/// <summary>What people call a server: letters, digits, dot, dash, underscore, 63 at most, a letter or digit first.</summary>
public readonly partial record struct ServerName
{
    private ServerName(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse(string? text, out ServerName name, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        error = trimmed.Length == 0 ? "Enter a name, such as web1."
            : Shape().IsMatch(trimmed) ? null
            : "A name has letters, digits, dots, dashes and underscores, 63 at most, and begins with a letter or digit.";
        name = error is null ? new ServerName(trimmed) : default;
        return error is null;
    }

    public override string ToString() => Text;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._\-]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
