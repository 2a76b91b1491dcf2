using System.Collections.Immutable;
using System.IO.Compression;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>Writes members one after the other and remembers the hash of each. No times, no owner: the same members give the same file.</summary>
internal sealed class BundleZip(Stream to) : IDisposable
{
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);    // where ZIP begins

    private readonly ZipArchive _zip = new(to, ZipArchiveMode.Create, leaveOpen: true);
    private readonly ImmutableSortedDictionary<string, TreeHash>.Builder _members = ImmutableSortedDictionary.CreateBuilder<string, TreeHash>(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>SHA-256 of what was added, by name.</summary>
    public ImmutableSortedDictionary<string, TreeHash> Members => _members.ToImmutable();

    /// <param name="name">Of the member.</param>
    /// <param name="data">All of it.</param>
    /// <param name="isRandom">It does not become smaller by packing, as hashes do not.</param>
    public void Add(string name, ReadOnlySpan<byte> data, bool isRandom = false)
    {
        using var member = Open(name, isRandom ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
        Count(data.Length);
        member.Write(data);
        _members.Add(name, Sha256.Plain(data));
    }

    /// <param name="name">Of the member.</param>
    /// <param name="write">Writes it piece by piece.</param>
    public void Add(string name, Action<Stream> write)
    {
        using var member = Open(name, CompressionLevel.Fastest);
        using var hashed = new HashedStream(member, Count);
        write(hashed);
        _members.Add(name, hashed.Hash());
    }

    public void Dispose() => _zip.Dispose();

    private Stream Open(string name, CompressionLevel level)
    {
        var entry = _zip.CreateEntry(name, level);
        entry.LastWriteTime = NoTime;
        return entry.Open();
    }

    private void Count(int bytes)
    {
        _bytes += bytes;
        if (_bytes > BundleLimits.MostBytes)
        {
            throw new LedgerDamagedException("The export grew beyond what a bundle may hold. Choose a smaller range.");
        }
    }
}
