namespace OsModa.Core.Ledger.Hashing.Lanes;

/// <summary>
/// Hashes that do not depend on each other, worked out together where the processor can do that, and one by one where it cannot. For checking in bulk; one instance a thread.
/// </summary>
internal sealed class HashBatch
{
    // Longer ones are too few to fill the lanes, and OpenSSL's call costs little beside them.
    private const int MostBytes = (LaneSha256.MostBlocks - 1) * LaneSha256.Block;

    private readonly PaddedMessages _waiting = new();
    private readonly LaneSha256? _lanes = LaneSha256.IsSupported ? new LaneSha256() : null;
    private TreeHash[] _digests = new TreeHash[256];
    private int _count;

    public void Clear()
    {
        _waiting.Clear();
        _count = 0;
    }

    /// <summary>SHA-256(data).</summary>
    /// <returns>Its place among the digests.</returns>
    public int AddPlain(ReadOnlySpan<byte> data) => Add(Sha256.NoPrefix, data);

    /// <summary>SHA-256 of a part of something that is at hand again, unchanged, in <see cref="Run"/>.</summary>
    /// <returns>Its place among the digests.</returns>
    public int AddPart(ReadOnlySpan<byte> source, int at, int length)
    {
        if (_lanes is null || length > MostBytes)
        {
            return AddKnown(Sha256.Plain(source.Slice(at, length)));
        }

        var place = AddKnown(default);
        _waiting.AddPart(place, source, at, length);
        return place;
    }

    /// <summary>SHA-256(0x00 || record).</summary>
    /// <returns>Its place among the digests.</returns>
    public int AddLeaf(ReadOnlySpan<byte> record) => Add(Sha256.LeafPrefix, record);

    /// <summary>SHA-256(0x01 || left || right), of two hashes that stand one after the other.</summary>
    /// <returns>Its place among the digests.</returns>
    public int AddNode(ReadOnlySpan<byte> both) => Add(Sha256.NodePrefix, both);

    /// <summary>A digest that needs no computing keeps its place among the others.</summary>
    /// <returns>Its place among the digests.</returns>
    public int AddKnown(TreeHash hash)
    {
        if (_count == _digests.Length)
        {
            Array.Resize(ref _digests, 2 * _count);
        }

        _digests[_count] = hash;
        return _count++;
    }

    /// <summary>All digests, valid until something is added or cleared.</summary>
    /// <param name="source">What parts were added of.</param>
    public ReadOnlySpan<TreeHash> Run(ReadOnlySpan<byte> source = default)
    {
        _lanes?.Hash(_waiting, source, _digests.AsSpan(0, _count));
        _waiting.Clear();
        return _digests.AsSpan(0, _count);
    }

    private int Add(int prefix, ReadOnlySpan<byte> data)
    {
        if (_lanes is null || data.Length > MostBytes)
        {
            return AddKnown(Sha256.Hash(prefix, data));
        }

        var place = AddKnown(default);
        _waiting.Add(place, prefix, data);
        return place;
    }
}
