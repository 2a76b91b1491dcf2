using System.Buffers.Binary;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>The database is not one as SQLite writes it, or not one of agentd. The message is for people.</summary>
public sealed class ForeignDatabaseException(string message) : Exception(message);

/// <summary>A row of a table, or as much of it as its page holds.</summary>
/// <param name="Id">Rowid.</param>
/// <param name="Length">Bytes of the whole record.</param>
/// <param name="Local">Those that the page holds.</param>
/// <param name="Overflow">The page where it goes on; 0 when it does not.</param>
internal readonly record struct TableCell(long Id, long Length, ReadOnlyMemory<byte> Local, uint Overflow);

/// <summary>A page of a table's tree (sqlite.org/fileformat2.html, 1.6). Everything in it may be a lie: all numbers are checked before they are used.</summary>
internal sealed class TablePage
{
    private const byte Interior = 0x05, Leaf = 0x0d;
    private readonly ReadOnlyMemory<byte> _page;
    private readonly int _header;
    private readonly int _usable;
    private readonly int _count;

    /// <param name="page">All bytes of it.</param>
    /// <param name="usable">Without those reserved.</param>
    /// <param name="isFirst">It is page 1, which begins with the header of the database.</param>
    /// <exception cref="ForeignDatabaseException">It is no such page.</exception>
    public TablePage(ReadOnlyMemory<byte> page, int usable, bool isFirst)
    {
        (_page, _header, _usable) = (page, isFirst ? DatabaseHeader.Bytes : 0, usable);
        var span = page.Span;
        IsLeaf = span[_header] == Leaf;
        _count = BinaryPrimitives.ReadUInt16BigEndian(span[(_header + 3)..]);
        if (!(IsLeaf || span[_header] == Interior) || PointersAt + (2 * _count) > usable)
        {
            throw Broken();
        }
    }

    public bool IsLeaf { get; }

    private int PointersAt => _header + (IsLeaf ? 8 : 12);

    /// <summary>Of an inner page: the pages below that may hold rows above <paramref name="after"/>, in the order of ids.</summary>
    public List<uint> Children(long after)
    {
        var children = new List<uint>();
        for (var i = 0; i < _count; i++)
        {
            var cell = Cell(i);
            var at = 4;
            if (Varint(cell, ref at) > after)
            {
                children.Add(BinaryPrimitives.ReadUInt32BigEndian(cell));
            }
        }

        children.Add(BinaryPrimitives.ReadUInt32BigEndian(_page.Span[(_header + 8)..]));
        return children;
    }

    /// <summary>Of a leaf: its rows.</summary>
    public IEnumerable<TableCell> Rows()
    {
        for (var i = 0; i < _count; i++)
        {
            yield return Row(i);
        }
    }

    private TableCell Row(int index)
    {
        var start = Offset(index);
        var at = start;
        var span = _page.Span[.._usable];
        var length = Varint(span, ref at);
        var id = Varint(span, ref at);
        if (length < 0)
        {
            throw Broken();
        }

        var most = _usable - 35;
        if (length <= most)
        {
            return at + length <= _usable ? new TableCell(id, length, _page.Slice(at, (int)length), 0) : throw Broken();
        }

        var least = ((_usable - 12) * 32 / 255) - 23;
        var local = least + (int)((length - least) % (_usable - 4));
        local = local <= most ? local : least;
        return at + local + 4 <= _usable ? new TableCell(id, length, _page.Slice(at, local), BinaryPrimitives.ReadUInt32BigEndian(span[(at + local)..])) : throw Broken();
    }

    private int Offset(int index) => BinaryPrimitives.ReadUInt16BigEndian(_page.Span[(PointersAt + (2 * index))..]) is var at && at >= PointersAt && at <= _usable - 4 ? at : throw Broken();

    private ReadOnlySpan<byte> Cell(int index) => _page.Span[Offset(index).._usable];

    /// <summary>1 to 9 bytes, seven bits each, the ninth all eight.</summary>
    internal static long Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        long value = 0;
        for (var i = 0; i < 9; i++)
        {
            if (at >= bytes.Length)
            {
                throw Broken();
            }

            var b = bytes[at++];
            if (i == 8)
            {
                return (value << 8) | b;
            }

            value = (value << 7) | (b & 0x7fL);
            if (b < 0x80)
            {
                return value;
            }
        }

        return value;
    }

    internal static ForeignDatabaseException Broken() => new("The ledger's database on the server is damaged: it cannot be read as SQLite writes it.");
}
