using System.Buffers.Binary;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>
/// Where in the write-ahead log of a database the newest version of each page is (sqlite.org/fileformat2.html, 4). It is fed with what is new in the file and keeps no contents; only what
/// was committed counts, and only as far as the checksums hold.
/// </summary>
internal sealed class WriteAheadLog
{
    public const int HeaderBytes = 32;
    public const int FrameHeaderBytes = 24;

    private readonly Dictionary<uint, long> _committed = [];
    private readonly int _pageSize;
    private readonly bool _bigEndian;
    private (uint A, uint B) _sum;

    private WriteAheadLog(int pageSize, bool bigEndian, string salts, (uint A, uint B) sum) => (_pageSize, _bigEndian, Salts, _sum) = (pageSize, bigEndian, salts, sum);

    /// <summary>16 hexadecimal digits; another value means that it was begun anew.</summary>
    public string Salts { get; }

    /// <summary>Bytes that were understood, all of them committed.</summary>
    public long End { get; private set; } = HeaderBytes;

    /// <summary>Offset in the file of the newest version of each page that it has.</summary>
    public IReadOnlyDictionary<uint, long> Pages => _committed;

    public static WriteAheadLog? Begin(ReadOnlySpan<byte> header, int pageSize)
    {
        if (header.Length < HeaderBytes)
        {
            return null;
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var size = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        if ((magic & ~1u) != 0x377f0682 || size != pageSize)
        {
            return null;
        }

        var bigEndian = (magic & 1) == 1;
        var sum = Sum((0, 0), header[..24], bigEndian);
        return sum == Stated(header[24..]) ? new WriteAheadLog(pageSize, bigEndian, Convert.ToHexStringLower(header[16..24]), sum) : null;
    }

    /// <summary>Takes in bytes of the file from <see cref="End"/> on.</summary>
    /// <returns>The newest version of each page that they commit, by its number: a piece of <paramref name="bytes"/>.</returns>
    public Dictionary<uint, Range> Take(ReadOnlySpan<byte> bytes)
    {
        var (fresh, waiting) = (new Dictionary<uint, Range>(), new Dictionary<uint, int>());
        var (sum, at, taken, frame) = (_sum, 0, 0, FrameHeaderBytes + _pageSize);
        while (bytes.Length - at >= frame)
        {
            var header = bytes.Slice(at, FrameHeaderBytes);
            if (Convert.ToHexStringLower(header[8..16]) != Salts)
            {
                break;              // left over from before the log was begun anew
            }

            sum = Sum(Sum(sum, header[..8], _bigEndian), bytes.Slice(at + FrameHeaderBytes, _pageSize), _bigEndian);
            if (sum != Stated(header[16..]))
            {
                break;              // torn
            }

            waiting[BinaryPrimitives.ReadUInt32BigEndian(header)] = at + FrameHeaderBytes;
            at += frame;
            if (BinaryPrimitives.ReadUInt32BigEndian(header[4..]) != 0)
            {
                foreach (var (page, offset) in waiting)
                {
                    fresh[page] = offset..(offset + _pageSize);
                    _committed[page] = End + offset;
                }

                waiting.Clear();
                (_sum, taken) = (sum, at);
            }
        }

        End += taken;
        return fresh;
    }

    private static (uint A, uint B) Stated(ReadOnlySpan<byte> bytes) => (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));

    private static (uint A, uint B) Sum((uint A, uint B) sum, ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        var (a, b) = sum;
        for (var i = 0; i + 8 <= bytes.Length; i += 8)
        {
            unchecked
            {
                a += Word(bytes[i..]) + b;
                b += Word(bytes[(i + 4)..]) + a;
            }
        }

        return (a, b);

        uint Word(ReadOnlySpan<byte> at) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
    }
}
