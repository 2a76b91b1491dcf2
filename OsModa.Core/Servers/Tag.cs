using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core.Servers;

/// <summary>A word that groups servers, such as <c>production</c>: lower-case letters, digits and dashes, 30 at most.</summary>
public readonly record struct Tag
{
    public const int MaxPerServer = 20;

    private static readonly WordShape Shape = new(WordShape.Small + WordShape.Digits, WordShape.Small + WordShape.Digits + "-", 30);
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\r', '\n'];

    private Tag(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse(string? text, out Tag tag, [NotNullWhen(false)] out string? error)
    {
        var word = text?.Trim().ToLowerInvariant() ?? "";
        error = Shape.Fits(word) ? null : $"'{Shown(word)}' is not a tag: lower-case letters, digits and dashes, 30 at most, a letter or digit first.";
        tag = error is null ? new Tag(word) : default;
        return error is null;
    }

    /// <summary>Several, as typed into one field with spaces or commas between them; each once, in the order typed.</summary>
    public static bool TryParseList(string? text, out ImmutableArray<Tag> tags, [NotNullWhen(false)] out string? error)
    {
        tags = [];
        error = null;
        var words = (text ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = new List<Tag>();
        foreach (var word in words)
        {
            if (!TryParse(word, out var tag, out error))
            {
                return false;
            }

            if (!found.Contains(tag))
            {
                found.Add(tag);
            }
        }

        error = found.Count > MaxPerServer ? $"A server has {MaxPerServer} tags at most." : null;
        tags = error is null ? [.. found] : [];
        return error is null;
    }

    public override string ToString() => Text;

    private static string Shown(string word) => word.Length <= 40 ? word : word[..40] + "…";
}
