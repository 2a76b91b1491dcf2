using System.Text;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>Columns of a row (sqlite.org/fileformat2.html, 2.1).</summary>
internal readonly ref struct TableRecord
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _headerEnd;

    /// <exception cref="ForeignDatabaseException">Its header goes beyond it.</exception>
    public TableRecord(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        var length = TablePage.Varint(bytes, ref at);
        _bytes = bytes;
        _headerEnd = length >= at && length <= bytes.Length ? (int)length : throw TablePage.Broken();
    }

    /// <summary>A column as text; null when there is none, or it is no text.</summary>
    public string? Text(int column) => Find(column, out var type, out var value) && type >= 13 && type % 2 == 1 ? Encoding.UTF8.GetString(value) : null;

    /// <summary>A column as a whole number; null when there is none, or it is no number.</summary>
    public long? Number(int column)
    {
        if (!Find(column, out var type, out var value) || type is not (>= 1 and <= 6 or 8 or 9))
        {
            return null;
        }

        if (type >= 8)
        {
            return type - 8;
        }

        long number = (sbyte)value[0];
        foreach (var b in value[1..])
        {
            number = (number << 8) | b;
        }

        return number;
    }

    /// <summary>Length in bytes of a column that is text; null otherwise.</summary>
    public int? TextLength(int column) => Find(column, out var type, out var value) && type >= 13 && type % 2 == 1 ? value.Length : null;

    private bool Find(int column, out long type, out ReadOnlySpan<byte> value)
    {
        var (at, offset) = (0, (long)_headerEnd);
        TablePage.Varint(_bytes, ref at);
        for (var i = 0; at < _headerEnd; i++)
        {
            type = TablePage.Varint(_bytes[.._headerEnd], ref at);
            long length = type switch
            {
                < 0 or 10 or 11 => throw TablePage.Broken(),
                <= 4 => type,
                5 => 6,
                6 or 7 => 8,
                8 or 9 => 0,
                _ => (type - 12) / 2,
            };
            if (length > _bytes.Length - offset)
            {
                throw TablePage.Broken();
            }

            if (i == column)
            {
                value = _bytes.Slice((int)offset, (int)length);
                return true;
            }

            offset += length;
        }

        type = 0;
        value = default;
        return false;
    }
}
