using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core.Configuration;

/// <summary>A commit as people name it: its first digits, 7 to all 64.</summary>
public readonly record struct CommitPrefix
{
    private CommitPrefix(string text) => Text = text;

    public string Text { get; }

    /// <summary>The first 7 digits: what people compare by eye.</summary>
    public string Short => Text[..7];

    public static bool TryParse([NotNullWhen(true)] string? text, out CommitPrefix prefix)
    {
        var fits = text is { Length: >= 7 and <= 64 } && CommitId.IsDigits(text);
        prefix = fits ? new CommitPrefix(text!) : default;
        return fits;
    }

    public override string ToString() => Text;
}
