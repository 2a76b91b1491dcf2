using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core.Servers;

/// <summary>A user name on a server, as NixOS and shadow's useradd(8) admit it.</summary>
public readonly record struct LoginName
{
    private const string First = WordShape.Small + WordShape.Capital + "_";
    private static readonly WordShape Shape = new(First, First + WordShape.Digits + ".-", 32);

    private LoginName(string text) => Text = text;

    public string Text { get; }

    public static LoginName Root { get; } = new("root");

    public static bool TryParse(string? text, out LoginName name, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        error = Shape.Fits(trimmed) ? null : "Not a user name: begin with a letter or underscore, then letters, digits, '_', '-' or '.', 32 at most.";
        name = error is null ? new LoginName(trimmed) : default;
        return error is null;
    }

    public override string ToString() => Text;
}
