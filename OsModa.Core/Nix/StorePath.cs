using System.Text.RegularExpressions;

namespace OsModa.Core.Nix;

/// <summary>A path of the Nix store: <c>/nix/store/&lt;32 characters of base 32&gt;-&lt;name&gt;</c>. Only <see cref="TryParse"/> makes one, so its text is safe in a command.</summary>
public readonly partial record struct StorePath
{
    private const int HashStart = 11;    // "/nix/store/".Length
    private const int HashLength = 32;

    private StorePath(string text) => Text = text;

    /// <summary>The whole path.</summary>
    public string Text { get; }

    /// <summary>The 32 characters that name the contents and all inputs.</summary>
    public string Hash => Text.Substring(HashStart, HashLength);

    /// <summary>The first 7 characters of the hash: what people compare by eye.</summary>
    public string ShortHash => Text.Substring(HashStart, 7);

    /// <summary>What stands behind the hash, such as <c>nixos-system-web1-24.05</c>.</summary>
    public string Name => Text[(HashStart + HashLength + 1)..];

    public static bool TryParse(string? text, out StorePath path)
    {
        path = default;
        if (text is null || !Shape().IsMatch(text))
        {
            return false;
        }

        path = new StorePath(text);
        return true;
    }

    public static StorePath Parse(string text) =>
        TryParse(text, out var path) ? path : throw new FormatException($"'{text}' is not a path of the Nix store.");

    public override string ToString() => Text;

    // The alphabet of Nix's base 32 leaves out e, o, t, u; names as checkName in Nix's src/libstore/path.cc admits them.
    [GeneratedRegex(@"\A/nix/store/[0-9a-df-np-sv-z]{32}-[A-Za-z0-9+\-._?=]{1,211}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
