using System.Buffers.Binary;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Hashing.Lanes;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Records;

/// <summary>
/// One entry of a log: 62 bytes of header and a body, 65,535 bytes at most. Big endian: version (1 byte, 1), kind (1, its highest bit set when the body is
/// kept beside the log), source (16), epoch of the source (4), time received in Unix ms (8), the server's chain hash (32), body.
/// The body of an event is exactly what the server hashed; of everything else it is canonical JSON (RFC 8785). Of a body beside the log stand here its
/// SHA-256 and its length (8). What is left of an entry that was redacted has version 2: the header as it was, and instead of the body the hash that the entry has in the tree.
/// </summary>
public readonly ref struct LedgerRecord
{
    public const int HeaderBytes = 62;
    public const int MostInlineBytes = EntryBundle.MostEntryBytes - HeaderBytes;
    public const int MostBodyBytes = 1024 * 1024;
    public const int BesideBytes = TreeHash.Bytes + 8;
    private const byte Version = 1;
    private const byte RedactedVersion = 2;
    private const byte BesideFlag = 0x80;
    private const int SourceAt = 2;
    private const int EpochAt = 18;
    private const int TimeAt = 22;
    private const int HashAt = 30;
    private readonly ReadOnlySpan<byte> _bytes;

    private LedgerRecord(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public RecordKind Kind => (RecordKind)(_bytes[1] & ~BesideFlag);

    public bool IsEvent => Kind is RecordKind.ConcatenatedEvent or RecordKind.PipedEvent;

    /// <summary>A notice in the place of an event that was too long to be copied: no other notice has an epoch.</summary>
    public bool IsLeftOut => Kind == RecordKind.Notice && Epoch != 0;

    /// <summary>The body stands beside the log; <see cref="Body"/> is its hash and length.</summary>
    public bool IsBeside => !IsRedacted && (_bytes[1] & BesideFlag) != 0;

    /// <summary>The body was taken out; <see cref="Body"/> is the hash of the entry in the tree. That this was done has to stand in the log.</summary>
    public bool IsRedacted => _bytes[0] == RedactedVersion;

    /// <summary>An event whose body stands here.</summary>
    internal bool IsWholeEvent => _bytes[0] == Version && (RecordKind)_bytes[1] is (RecordKind.ConcatenatedEvent or RecordKind.PipedEvent);

    /// <summary>As it was before it was redacted.</summary>
    public ReadOnlySpan<byte> OriginalHeader => (byte[])[Version, .. _bytes[1..HeaderBytes]];

    /// <summary>The server or person it is about.</summary>
    public Guid Source => new(_bytes.Slice(SourceAt, 16), bigEndian: true);

    public uint Epoch => BinaryPrimitives.ReadUInt32BigEndian(_bytes[EpochAt..]);

    /// <summary>When we received it, in Unix ms.</summary>
    public long ReceivedMs => BinaryPrimitives.ReadInt64BigEndian(_bytes[TimeAt..]);

    public DateTimeOffset ReceivedAt => DateTimeOffset.FromUnixTimeMilliseconds(ReceivedMs);

    public TreeHash ChainHash => TreeHash.From(_bytes.Slice(HashAt, TreeHash.Bytes));

    public ReadOnlySpan<byte> Body => _bytes[HeaderBytes..];

    /// <summary>Bytes 2 to 21: source and epoch, which together name a chain.</summary>
    internal ReadOnlySpan<byte> ChainKey => _bytes[SourceAt..TimeAt];

    public static bool TryParse(ReadOnlySpan<byte> bytes, out LedgerRecord record)
    {
        record = default;
        if (bytes.Length is < HeaderBytes or > EntryBundle.MostEntryBytes
            || bytes[0] is not (Version or RedactedVersion)
            || !IsKnown((RecordKind)(bytes[1] & ~BesideFlag))
            || BinaryPrimitives.ReadUInt64BigEndian(bytes[TimeAt..]) > 253_402_300_799_999    // the end of the year 9999
            || (bytes[0] == RedactedVersion ? bytes.Length != HeaderBytes + TreeHash.Bytes : (bytes[1] & BesideFlag) != 0 && bytes.Length != HeaderBytes + BesideBytes))
        {
            return false;
        }

        record = new LedgerRecord(bytes);
        return record.IsEvent || record.ChainHash == TreeHash.Zero;
    }

    /// <param name="kind">What it is.</param>
    /// <param name="source">The server or person it is about.</param>
    /// <param name="epoch">Of the source.</param>
    /// <param name="receivedAt">Whole milliseconds are kept.</param>
    /// <param name="chainHash">The server's, for its events; zero otherwise.</param>
    /// <param name="body">At most <see cref="MostInlineBytes"/>; of one that is longer, what <see cref="Beside"/> makes of it.</param>
    /// <param name="isBeside">The body is what <see cref="Beside"/> made.</param>
    public static byte[] Write(RecordKind kind, Guid source, uint epoch, DateTimeOffset receivedAt, TreeHash chainHash, ReadOnlySpan<byte> body, bool isBeside = false)
    {
        var bytes = new byte[HeaderBytes + body.Length];
        bytes[0] = Version;
        bytes[1] = (byte)((byte)kind | (isBeside ? BesideFlag : 0));
        source.TryWriteBytes(bytes.AsSpan(SourceAt), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(EpochAt), epoch);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(TimeAt), receivedAt.ToUnixTimeMilliseconds());
        chainHash.CopyTo(bytes.AsSpan(HashAt));
        body.CopyTo(bytes.AsSpan(HeaderBytes));
        return TryParse(bytes, out _) ? bytes : throw new ArgumentException("No record can be made of this.", nameof(kind));
    }

    /// <summary>The hash of an entry in the tree, also of one that was redacted.</summary>
    public static TreeHash Leaf(ReadOnlySpan<byte> entry) => IsStub(entry) ? TreeHash.From(entry[HeaderBytes..]) : Sha256.Leaf(entry);

    /// <summary>The same for many entries: its digest comes with the others of the batch.</summary>
    internal static void AddLeaf(HashBatch batch, ReadOnlySpan<byte> entry)
    {
        if (IsStub(entry))
        {
            batch.AddKnown(TreeHash.From(entry[HeaderBytes..]));
        }
        else
        {
            batch.AddLeaf(entry);
        }
    }

    /// <summary>What is left of an entry whose body is taken out.</summary>
    public static byte[] Redact(ReadOnlySpan<byte> entry) => [RedactedVersion, .. entry[1..HeaderBytes], .. Leaf(entry).AsSpan()];

    /// <summary>What stands in the record of a body that is kept beside the log.</summary>
    public static byte[] Beside(ReadOnlySpan<byte> body)
    {
        var reference = new byte[BesideBytes];
        Sha256.Plain(body).CopyTo(reference);
        BinaryPrimitives.WriteInt64BigEndian(reference.AsSpan(TreeHash.Bytes), body.Length);
        return reference;
    }

    private static bool IsStub(ReadOnlySpan<byte> entry) => entry.Length == HeaderBytes + TreeHash.Bytes && entry[0] == RedactedVersion;

    private static bool IsKnown(RecordKind kind) => kind is RecordKind.ConcatenatedEvent or RecordKind.PipedEvent or (>= RecordKind.Intent and <= RecordKind.Head);
}
