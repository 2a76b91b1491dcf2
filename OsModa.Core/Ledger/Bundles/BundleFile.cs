using System.IO.Compression;
using System.Text;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>A bundle that somebody handed over: nothing in it is believed, and no more of it is in memory than one file of 256 entries.</summary>
public sealed class BundleFile : ILogSource, IDisposable
{
    private const int MostBundleBytes = TileId.FullWidth * (EntryBundle.MostEntryBytes + 2);
    private const int TileBytes = TileId.FullWidth * TreeHash.Bytes;

    private readonly ZipArchive _zip;
    private readonly IReadOnlyDictionary<string, long> _sizes;
    private readonly HashSet<string> _unread;
    private (string Name, byte[] Data) _tile = ("", []);
    private IReadOnlyList<KeyChange>? _changes;
    private Dictionary<long, RedactedLater>? _later;

    private BundleFile(ZipArchive zip, IReadOnlyDictionary<string, long> sizes)
    {
        (_zip, _sizes) = (zip, sizes);
        Manifest = BundleManifest.TryParse(Read(BundleMembers.Manifest, BundleLimits.MostManifestBytes), out var manifest)
            ? manifest
            : throw new LedgerDamagedException("This is no export of a ledger: its manifest.json is missing, or not as ours are.");
        _unread = [.. Manifest.Members.Keys];
        if (sizes.Count != Manifest.Members.Count + 1 || !_unread.All(sizes.ContainsKey))
        {
            throw new LedgerDamagedException("This export of a ledger is not whole: what is in it is not what its manifest.json lists.");
        }
    }

    public BundleManifest Manifest { get; }

    public string Origin => Manifest.Origin;

    public long Size => Manifest.Size;

    public long First => Manifest.First;

    public bool IsPart => true;

    /// <summary>Names of files that were read and are not what the manifest says.</summary>
    internal SortedSet<string> Changed { get; } = new(StringComparer.Ordinal);

    /// <param name="file">Can be sought in; disposed with this.</param>
    /// <exception cref="LedgerDamagedException">It is no bundle, or a damaged one.</exception>
    public static BundleFile Open(Stream file)
    {
        try
        {
            var sizes = ZipContents.Read(file);
            file.Position = 0;
            return new BundleFile(new ZipArchive(file, ZipArchiveMode.Read), sizes);
        }
        catch (Exception e)
        {
            file.Dispose();
            throw e is LedgerDamagedException or IOException ? e : new LedgerDamagedException("This is no export of a ledger: it cannot be unpacked.", e);
        }
    }

    public ReadOnlySpan<byte> Bundle(long n) => Member(BundleMembers.Entries(n, Size), MostBundleBytes);

    public ReadOnlySpan<byte> Tile(TileId id)
    {
        var name = id.Path;
        if (_tile.Name != name)
        {
            _tile = (name, Member(name, TileBytes));
        }

        return _tile.Data;
    }

    public byte[]? Beside(ReadOnlySpan<byte> sha256) => BundleMembers.Beside(sha256) is var name && _sizes.ContainsKey(name) ? Member(name, LedgerRecord.MostBodyBytes) : null;

    public RedactedLater? ToldLater(long seq, byte[] left) => (_later ??= RedactionList.Read(Text(BundleMembers.Redactions) ?? "")).GetValueOrDefault(seq);

    public IEnumerable<SignedHead> Checkpoints() => Text(BundleMembers.Checkpoint) is { } text ? [new SignedHead(Size, text, DateTimeOffset.UnixEpoch)] : [];

    public IReadOnlyList<KeyChange> KeyChanges() => _changes ??= [.. Manifest.Members.Keys
        .Where(static name => name.StartsWith(BundleMembers.KeyFolder, StringComparison.Ordinal))
        .Select(name => KeyChange.TryParse(Text(name), out var change) && change.Origin == Origin && name == $"{BundleMembers.KeyFolder}{change.At}"
            ? change
            : throw new LedgerDamagedException($"{name} in the file is no change of the ledger's key that both keys signed."))];

    /// <summary>Null when there is none of this name.</summary>
    internal string? Text(string name, int most = BundleLimits.MostTextBytes) => _sizes.ContainsKey(name) ? Encoding.UTF8.GetString(Member(name, most)) : null;

    /// <summary>Null when there is none of this name.</summary>
    internal byte[]? Data(string name, int most) => _sizes.ContainsKey(name) ? Member(name, most) : null;

    /// <summary>Reads what nobody has asked for, so that every file was held against the manifest.</summary>
    internal void ReadRest(CancellationToken cancellationToken)
    {
        foreach (var name in _unread.Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Hash(name);
        }

        _unread.Clear();
    }

    public void Dispose() => _zip.Dispose();

    // Empty for a file that is not there: whoever needs it says what is missing.
    private byte[] Member(string name, int most)
    {
        if (!Manifest.Members.TryGetValue(name, out var hash))
        {
            return [];
        }

        var data = Read(name, most);
        Note(name, Sha256.Plain(data) == hash);
        return data;
    }

    private void Hash(string name)
    {
        using var hashed = new HashedStream(Stream.Null, static _ => { });
        using var from = Open(name);
        var rest = _sizes[name];
        var buffer = new byte[64 * 1024];
        for (var read = 1; read > 0 && rest >= 0; rest -= read)
        {
            read = Fill(name, from, buffer);
            hashed.Write(buffer.AsSpan(0, read));
        }

        Note(name, rest == 0 && hashed.Hash() == Manifest.Members[name]);
    }

    private byte[] Read(string name, int most)
    {
        if (!_sizes.TryGetValue(name, out var size))
        {
            return [];
        }

        if (size > most)
        {
            throw new LedgerDamagedException($"This is no export of a ledger: {name} in it is larger than such a file can be.");
        }

        using var from = Open(name);
        var data = new byte[size];
        return Fill(name, from, data) == size && Fill(name, from, new byte[1]) == 0
            ? data
            : throw new LedgerDamagedException($"This export of a ledger is damaged: {name} in it is not as long as it says.");
    }

    private Stream Open(string name)
    {
        try
        {
            return (_zip.GetEntry(name) ?? throw new InvalidDataException()).Open();
        }
        catch (InvalidDataException e)
        {
            throw Damaged(name, e);
        }
    }

    private static int Fill(string name, Stream from, Span<byte> data)
    {
        try
        {
            return from.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(name, e);
        }
    }

    private void Note(string name, bool isAsListed)
    {
        _unread.Remove(name);
        if (!isAsListed)
        {
            Changed.Add(name);
        }
    }

    private static LedgerDamagedException Damaged(string name, Exception e) => new($"This export of a ledger is damaged: {name} in it cannot be unpacked.", e);
}
