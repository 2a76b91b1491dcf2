using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Notes;

/// <summary>What a log states: so many entries, this root (C2SP tlog-checkpoint). It is the text of a signed note.</summary>
/// <param name="Origin">Which log.</param>
/// <param name="Size">How many entries.</param>
/// <param name="Root">Of the tree of that size.</param>
public sealed record Checkpoint(string Origin, long Size, TreeHash Root)
{
    /// <summary>Further lines, which we never write; each with its newline.</summary>
    public string Extensions { get; init; } = "";

    /// <param name="text">A note's text, with its last newline.</param>
    /// <param name="checkpoint">What it says.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (text is null
            || text.Split('\n', 4) is not [{ Length: > 0 } origin, var sizeText, var rootText, var extensions]
            || !long.TryParse(sizeText, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || size.ToString(CultureInfo.InvariantCulture) != sizeText
            || !TreeHash.TryParseBase64(rootText, out var root)
            || (extensions.Length > 0 && (extensions[0] == '\n' || extensions[^1] != '\n' || extensions.Contains("\n\n", StringComparison.Ordinal))))
        {
            return false;
        }

        checkpoint = new Checkpoint(origin, size, root) { Extensions = extensions };
        return true;
    }

    /// <summary>The text to be signed.</summary>
    public override string ToString() => $"{Origin}\n{Size.ToString(CultureInfo.InvariantCulture)}\n{Root.ToBase64()}\n{Extensions}";
}
