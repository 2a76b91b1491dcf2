using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>A proof as a text: one hash in base 64 a line.</summary>
internal static class HashLines
{
    /// <summary>Null for anything else.</summary>
    public static TreeHash[]? Read(string lines)
    {
        var hashes = new List<TreeHash>();
        foreach (var line in lines.Split('\n')[..^1])
        {
            if (!TreeHash.TryParseBase64(line, out var hash))
            {
                return null;
            }

            hashes.Add(hash);
        }

        return lines.Length == 0 || lines.EndsWith('\n') ? [.. hashes] : null;
    }
}
