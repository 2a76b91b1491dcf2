using System.Buffers;

namespace OsModa.Core.Nix;

/// <summary>A path of the Nix store: <c>/nix/store/&lt;32 characters of base 32&gt;-&lt;name&gt;</c>. Only <see cref="TryParse"/> makes one, so its text is safe in a command.</summary>
public readonly record struct StorePath
{
    /// <summary>The store's folder, with its last slash; other folders than the usual one are not supported.</summary>
    public const string Folder = "/nix/store/";

    private const int HashLength = 32;
    private const int NameLength = 211;    // nix/src/libstore/path.hh: MaxPathLen

    // The alphabet of Nix's base 32 leaves out e, o, t, u; names as checkName in Nix's src/libstore/path.cc admits them.
    private static readonly SearchValues<char> HashCharacters = SearchValues.Create("0123456789abcdfghijklmnpqrsvwxyz");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-._?=");

    private StorePath(string text) => Text = text;

    /// <summary>The whole path.</summary>
    public string Text { get; }

    /// <summary>The 32 characters that name the contents and all inputs.</summary>
    public string Hash => Text.Substring(Folder.Length, HashLength);

    /// <summary>The first 7 characters of the hash: what people compare by eye.</summary>
    public string ShortHash => Text.Substring(Folder.Length, 7);

    /// <summary>What stands behind the hash, such as <c>nixos-system-web1-24.05</c>.</summary>
    public string Name => Text[(Folder.Length + HashLength + 1)..];

    public static bool TryParse(string? text, out StorePath path)
    {
        var fits = text is not null && text.StartsWith(Folder, StringComparison.Ordinal) && IsBaseName(text.AsSpan(Folder.Length));
        path = fits ? new StorePath(text!) : default;
        return fits;
    }

    /// <summary>From a name without the store's folder, as newer versions of Nix print them.</summary>
    public static bool TryParseBaseName(string? text, out StorePath path)
    {
        var fits = text is not null && IsBaseName(text);
        path = fits ? new StorePath(Folder + text) : default;
        return fits;
    }

    public static StorePath Parse(string text) =>
        TryParse(text, out var path) ? path : throw new FormatException($"'{text}' is not a path of the Nix store.");

    public override string ToString() => Text;

    private static bool IsBaseName(ReadOnlySpan<char> text) =>
        text.Length is > HashLength + 1 and <= HashLength + 1 + NameLength
        && text[HashLength] == '-'
        && !text[..HashLength].ContainsAnyExcept(HashCharacters)
        && !text[(HashLength + 1)..].ContainsAnyExcept(NameCharacters);
}
