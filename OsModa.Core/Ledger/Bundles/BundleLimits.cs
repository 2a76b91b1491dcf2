namespace OsModa.Core.Ledger.Bundles;

/// <summary>What a bundle may have at most; one that has more is neither made nor opened.</summary>
public static class BundleLimits
{
    public const int MostMembers = 10_000;

    /// <summary>Of all members together, unpacked.</summary>
    public const long MostBytes = 2L * 1024 * 1024 * 1024;

    /// <summary>A member, unpacked, is at most so many times as large as it is packed.</summary>
    public const int MostRatio = 200;

    public const int MostManifestBytes = 4 * 1024 * 1024;

    /// <summary>Of a text that is read whole.</summary>
    public const int MostTextBytes = 1024 * 1024;

    /// <summary>Of what is said of the servers' own chains: of some fifty thousand.</summary>
    public const int MostChainsBytes = 16 * 1024 * 1024;

    public const int MostNameBytes = 200;
}
