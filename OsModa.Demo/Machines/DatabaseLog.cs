using System.Buffers;
using System.Buffers.Binary;

namespace OsModa.Demo.Machines;

/// <summary>The write-ahead log of a database (sqlite.org/fileformat2.html, 4): a header, then a frame for each page that was written.</summary>
/// <param name="seed">Of its salts, which SQLite takes by chance.</param>
internal sealed class DatabaseLog(uint seed)
{
    public const int HeaderBytes = 32, FrameHeaderBytes = 24;

    private const uint Magic = 0x377f0682, Version = 3_007_000;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private uint _number;
    private (uint A, uint B) _sum;

    /// <summary>Empty before the first page.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>What it has stands in the database: the next page begins it anew, with the first salt one higher and another second one.</summary>
    public void Clear()
    {
        _number += _bytes.WrittenCount > 0 ? 1u : 0;
        _bytes.ResetWrittenCount();
    }

    /// <param name="number">Of the page, from 1.</param>
    /// <param name="pageCount">How many the database has now, with the last page of a transaction; 0 with others.</param>
    /// <param name="page">All bytes of it.</param>
    public void Write(int number, int pageCount, ReadOnlySpan<byte> page)
    {
        if (_bytes.WrittenCount == 0)
        {
            Put([Magic, Version, (uint)page.Length, _number, unchecked(seed + _number), Noise.Hash(seed, _number)], HeaderBytes, HeaderBytes - 8, []);
        }

        Put([(uint)number, (uint)pageCount, unchecked(seed + _number), Noise.Hash(seed, _number)], FrameHeaderBytes, 8, page);
        _bytes.Write(page);
    }

    // The sum goes on over the header, as far as that is summed, and the page; it stands at the end of the header.
    private void Put(ReadOnlySpan<uint> numbers, int length, int summed, ReadOnlySpan<byte> page)
    {
        var header = _bytes.GetSpan(length)[..length];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header[(4 * i)..], numbers[i]);
        }

        _sum = Sum(Sum(_bytes.WrittenCount == 0 ? (0, 0) : _sum, header[..summed]), page);
        BinaryPrimitives.WriteUInt32BigEndian(header[(length - 8)..], _sum.A);
        BinaryPrimitives.WriteUInt32BigEndian(header[(length - 4)..], _sum.B);
        _bytes.Advance(length);
    }

    // Words are little endian, as the magic number says.
    private static (uint A, uint B) Sum((uint A, uint B) sum, ReadOnlySpan<byte> bytes)
    {
        var (a, b) = sum;
        for (var i = 0; i < bytes.Length; i += 8)
        {
            unchecked
            {
                a += BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]) + b;
                b += BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i + 4)..]) + a;
            }
        }

        return (a, b);
    }
}
