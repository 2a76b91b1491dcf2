using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OsModa.Core.Servers;

/// <summary>A user name on a server, as NixOS and shadow's useradd(8) admit it.</summary>
public readonly partial record struct LoginName
{
    private LoginName(string text) => Text = text;

    public string Text { get; }

    public static LoginName Root { get; } = new("root");

    public static bool TryParse(string? text, out LoginName name, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        error = Shape().IsMatch(trimmed) ? null : "Not a user name: begin with a letter or underscore, then letters, digits, '_', '-' or '.', 32 at most.";
        name = error is null ? new LoginName(trimmed) : default;
        return error is null;
    }

    public override string ToString() => Text;

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.\-]{0,31}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
