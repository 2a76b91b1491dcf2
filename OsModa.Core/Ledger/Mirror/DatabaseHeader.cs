using System.Buffers.Binary;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>The first hundred bytes of an SQLite database (sqlite.org/fileformat2.html, 1.3).</summary>
/// <param name="PageSize">Bytes, a power of two from 512 to 65,536.</param>
/// <param name="Usable">Bytes of a page without those reserved at its end.</param>
internal sealed record DatabaseHeader(int PageSize, int Usable)
{
    public const int Bytes = 100;

    private const int Utf8 = 1;

    /// <summary>Null when it is no database, or none that we can read.</summary>
    public static DatabaseHeader? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Bytes || !bytes.StartsWith("SQLite format 3\0"u8))
        {
            return null;
        }

        var size = BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]) is var stated && stated == 1 ? 65_536 : stated;
        var usable = size - bytes[20];
        var encoding = BinaryPrimitives.ReadUInt32BigEndian(bytes[56..]);
        return size >= 512 && System.Numerics.BitOperations.IsPow2(size) && usable >= 480 && encoding is 0 or Utf8 ? new DatabaseHeader(size, usable) : null;
    }
}
