using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Texts that are kept beside a log, once for all entries that have them.</summary>
internal static class BesideTexts
{
    /// <returns>The bundle with this number, valid until the next call; empty for none.</returns>
    internal delegate ReadOnlySpan<byte> ReadBundle(long n);

    /// <summary>Texts of the bundles from <paramref name="first"/> to before <paramref name="before"/> that no later entry has too. Reads each bundle once, and the later ones only while one is left to look for.</summary>
    public static HashSet<TreeHash> OnlyIn(ReadBundle read, long first, long before)
    {
        var found = new HashSet<TreeHash>();
        for (var n = first; n < before; n++)
        {
            Each(read(n), text => found.Add(text));
        }

        for (var n = before; found.Count > 0 && read(n) is { IsEmpty: false } bundle; n++)
        {
            Each(bundle, text => found.Remove(text));
        }

        return found;
    }

    private static void Each(ReadOnlySpan<byte> bundle, Action<TreeHash> found)
    {
        while (EntryBundle.TryTake(ref bundle, out var entry))
        {
            if (LedgerRecord.TryParse(entry, out var record) && record.IsBeside)
            {
                found(TreeHash.From(record.Body[..TreeHash.Bytes]));
            }
        }
    }
}
