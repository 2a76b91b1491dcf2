using System.Collections.Immutable;
using System.Globalization;

namespace OsModa.Core.Ledger.Storing;

/// <summary>What the first record of a new epoch says of the log before it. <see cref="EpochEnd"/> reads it.</summary>
internal static class EpochBreak
{
    /// <summary>Adds it to what else the record says. In the writer's turn, so that nothing comes to the old log after its end was told.</summary>
    /// <param name="details">What else it says.</param>
    /// <param name="store">With the old log.</param>
    /// <param name="group">The writer's.</param>
    /// <param name="old">The log that ends; null when there is none.</param>
    public static ImmutableSortedDictionary<string, string> Tell(ImmutableSortedDictionary<string, string> details, LedgerStore store, LedgerGroup group, LogName? old)
    {
        if (old is null)
        {
            return details;
        }

        using var reader = store.Open(old);
        var (size, root) = group.EndOf(old) is { } end ? (end.Size, end.Root.ToBase64()) : (reader.Size, Told(() => reader.Root.ToBase64()));
        details = details.SetItem("endedOrigin", old.Origin).SetItem("endedSize", size.ToString(CultureInfo.InvariantCulture)).SetItem("endedRoot", root);
        if (Told(() => store.Guard.Read(old) is { } signed ? $"{signed.Size} {signed.Root.ToBase64()}" : "") is { Length: > 0 } told)
        {
            details = details.SetItem("signedSize", told.Split(' ')[0]).SetItem("signedRoot", told.Split(' ')[^1]);
        }

        foreach (var lost in store.Guard.Later(old))
        {
            details = details.SetItem($"lostEpoch{lost.Epoch}", Told(() => store.Guard.Read(lost) is { } signed ? $"{lost.Origin} {signed.Size} {signed.Root.ToBase64()}" : lost.Origin));
        }

        return details;
    }

    // What is damaged is why a new epoch begins, and must not keep it from beginning.
    private static string Told(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (LedgerDamagedException)
        {
            return EpochEnd.Damaged;
        }
    }
}
