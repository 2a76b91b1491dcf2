using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core.Configuration;

/// <summary>A commit as people name it: its first digits, 7 to all 64.</summary>
public readonly record struct CommitPrefix
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private CommitPrefix(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out CommitPrefix prefix)
    {
        var fits = text is { Length: >= 7 and <= 64 } && !text.AsSpan().ContainsAnyExcept(Digits);
        prefix = fits ? new CommitPrefix(text!) : default;
        return fits;
    }

    public override string ToString() => Text;
}
