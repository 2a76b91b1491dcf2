using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>A part of a log.</summary>
internal sealed class LogRange(ILogSource log, long first, long size) : ILogSource
{
    public string Origin => log.Origin;

    public long Size => size;

    public long First => first;

    public bool IsPart => true;

    public ReadOnlySpan<byte> Bundle(long n) => log.Bundle(n);

    public ReadOnlySpan<byte> Tile(TileId id) => log.Tile(id);

    public byte[]? Beside(ReadOnlySpan<byte> sha256) => log.Beside(sha256);

    public IReadOnlyList<KeyChange> KeyChanges() => [.. log.KeyChanges().Where(change => change.At < size)];

    public IEnumerable<SignedHead> Checkpoints() => log.Checkpoints().Where(head => head.Size <= size);
}
