using System.Runtime.InteropServices;

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
    private readonly List<TreeHash> _digests = [];
    private readonly List<int> _places = [];
    private TreeHash[] _done = [];

    public void Clear()
    {
        _waiting.Clear();
        _digests.Clear();
        _places.Clear();
    }

    /// <summary>SHA-256(data).</summary>
    /// <returns>Its place among the digests.</returns>
    public int AddPlain(ReadOnlySpan<byte> data) => Add(Sha256.NoPrefix, data);

    /// <summary>SHA-256(0x00 || record).</summary>
    /// <returns>Its place among the digests.</returns>
    public int AddLeaf(ReadOnlySpan<byte> record) => Add(Sha256.LeafPrefix, record);

    /// <summary>SHA-256(0x01 || left || right), of two hashes that stand one after the other.</summary>
    /// <returns>Its place among the digests.</returns>
    public int AddNode(ReadOnlySpan<byte> both) => Add(Sha256.NodePrefix, both);

    /// <summary>A digest that needs no computing keeps its place among the others.</summary>
    public void AddKnown(TreeHash hash) => _digests.Add(hash);

    /// <summary>All digests, valid until something is added or cleared.</summary>
    public ReadOnlySpan<TreeHash> Run()
    {
        if (_lanes is not null && _places.Count > 0 && _places.Count == _digests.Count)
        {
            // All of them: none has to be put between others.
            _lanes.Hash(_waiting.Bytes, _waiting.Messages, CollectionsMarshal.AsSpan(_digests));
            _waiting.Clear();
            _places.Clear();
        }
        else if (_lanes is not null && _places.Count > 0)
        {
            if (_done.Length < _places.Count)
            {
                _done = new TreeHash[_places.Count];
            }

            _lanes.Hash(_waiting.Bytes, _waiting.Messages, _done);
            for (var i = 0; i < _places.Count; i++)
            {
                _digests[_places[i]] = _done[i];
            }

            _waiting.Clear();
            _places.Clear();
        }

        return CollectionsMarshal.AsSpan(_digests);
    }

    private int Add(int prefix, ReadOnlySpan<byte> data)
    {
        if (_lanes is null || data.Length > MostBytes)
        {
            _digests.Add(Sha256.Hash(prefix, data));
        }
        else
        {
            _waiting.Add(prefix, data);
            _places.Add(_digests.Count);
            _digests.Add(default);
        }

        return _digests.Count - 1;
    }
}
