using System.Collections.Immutable;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>What an export is to hold.</summary>
public sealed record BundleRequest
{
    /// <summary>Of which epoch of the log; null: of the newest.</summary>
    public uint? Epoch { get; init; }

    /// <summary>The first entry; what is exported begins with the 256 entries that it is among.</summary>
    public long From { get; init; }

    /// <summary>The last entry that matters; it ends with the first signed head that covers it. Null: with the newest.</summary>
    public long? Until { get; init; }

    /// <summary>Size of a head that the reader has from before: it goes in, with the proof that the log continues it.</summary>
    public long? Previous { get; init; }

    /// <summary>Single entries that get a proof of their own.</summary>
    public ImmutableArray<long> Proofs { get; init; } = [];

    /// <summary>Nothing but the entries about this server or person from <see cref="From"/> on, each with its proof: for somebody who is to see these and no others.</summary>
    public Guid? Source { get; init; }
}
