using OsModa.Core.Nix;

namespace OsModa.Core.Comparison.Packages;

/// <summary>
/// The name of a store path taken apart: <c>glibc-2.42-67-bin</c> is the output <c>bin</c> of version <c>2.42-67</c> of <c>glibc</c>.
/// Nix keeps no such parts; they are read as people would read them.
/// </summary>
public readonly ref struct StoreName
{
    private const string Unstable = "unstable-";
    private const int HashLength = 32;
    private const int ShortestRevision = 7;

    private StoreName(ReadOnlySpan<char> name, ReadOnlySpan<char> version, string output)
    {
        Name = name;
        Version = version;
        Output = output;
    }

    /// <summary>The package, such as <c>python3.12-pip</c>.</summary>
    public ReadOnlySpan<char> Name { get; }

    /// <summary>Its version; empty when the path has none.</summary>
    public ReadOnlySpan<char> Version { get; }

    /// <summary>Which of the package's outputs it is: <see cref="OutputNames.Default"/> when the name does not say.</summary>
    public string Output { get; }

    /// <summary>Takes the name of a path apart.</summary>
    public static StoreName Of(StorePath path) => Split(Whole(path));

    /// <summary>The name of a path, without making a string of it.</summary>
    public static ReadOnlySpan<char> Whole(StorePath path) => path.Text.AsSpan(StorePath.Folder.Length + HashLength + 1);

    /// <summary>A name that has no parts: that of an artefact of the configuration.</summary>
    internal static StoreName Unsplit(ReadOnlySpan<char> text) => new(text, [], OutputNames.Default);

    /// <summary>Takes a name apart that stands alone.</summary>
    public static StoreName Split(ReadOnlySpan<char> text)
    {
        var start = VersionStart(text);
        if (start < 0)
        {
            // Outputs of packages without a version cannot be told from the ends of names: "texlive-bin", "linux-pam", "systemd-dev".
            return new StoreName(text, [], OutputNames.Default);
        }

        var version = text[start..];
        for (var at = version.IndexOf('-'); at > 0;)
        {
            if (OutputNames.Find(version[(at + 1)..]) is { } output)
            {
                return new StoreName(text[..(start - 1)], version[..at], output);
            }

            var next = version[(at + 1)..].IndexOf('-');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return new StoreName(text[..(start - 1)], version, OutputNames.Default);
    }

    private static int VersionStart(ReadOnlySpan<char> text)
    {
        for (var start = 2; start < text.Length; start++)
        {
            if (text[start - 1] == '-' && (StartsVersion(text[start..]) || StartsSnapshot(text[start..])))
            {
                return start;
            }
        }

        return -1;
    }

    // "foo-unstable-2023-01-01" was the way to write a snapshot without a version before "foo-0-unstable-2023-01-01".
    private static bool StartsSnapshot(ReadOnlySpan<char> text) =>
        text.Length > Unstable.Length && text.StartsWith(Unstable, StringComparison.Ordinal) && char.IsAsciiDigit(text[Unstable.Length]);

    private static bool StartsVersion(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        var digits = 1;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        var end = digits;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        // A number that two or more letters follow, and nothing else, is a word of the name: "100dpi", "3DES", "0xproto", "64bit".
        var isWord = end - digits >= 2 && (end == text.Length || text[end] == '-');
        return !isWord || VersionWords.PreRelease(text[digits..end]) is not null || IsRevision(text[..end]);
    }

    private static bool IsRevision(ReadOnlySpan<char> text) => text.Length >= ShortestRevision && !text.ContainsAnyExcept(VersionWords.Hexadecimal);
}
