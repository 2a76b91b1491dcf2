using System.Buffers.Binary;
using System.Text;

namespace OsModa.Benchmarks.Circuits;

/// <summary>Reads what a Blazor server sends: arrays, texts, numbers and byte strings; anything else is stepped over.</summary>
internal ref struct PackReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public int Array() => Take() is var head && (head & 0xF0) == 0x90 ? head & 0x0F : head switch
    {
        0xDC => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        0xDD => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
        _ => throw new InvalidDataException($"Not an array: {head:x2}."),
    };

    public long Int() => Take() is var head && head < 0x80 ? head : head switch
    {
        >= 0xE0 => (sbyte)head,
        0xCC => Take(),
        0xCD => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        0xCE => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
        0xCF or 0xD3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
        0xD0 => (sbyte)Take(),
        0xD1 => BinaryPrimitives.ReadInt16BigEndian(Take(2)),
        0xD2 => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
        _ => throw new InvalidDataException($"Not a number: {head:x2}."),
    };

    /// <summary>A text, or null for nil.</summary>
    public string? Text() => Take() is var head && head == 0xC0 ? null : Encoding.UTF8.GetString(Take(Length(head)));

    /// <summary>Steps over one value and says how many bytes it took.</summary>
    public int Skip()
    {
        var before = _rest.Length;
        var head = Take();
        if ((head & 0xF0) == 0x80)
        {
            SkipMany(2 * (head & 0x0F));
        }
        else if ((head & 0xF0) == 0x90)
        {
            SkipMany(head & 0x0F);
        }
        else
        {
            _ = head switch
            {
                < 0x80 or >= 0xE0 or 0xC0 or 0xC2 or 0xC3 => default,
                0xCC or 0xD0 => Take(1),
                0xCD or 0xD1 => Take(2),
                0xCE or 0xD2 or 0xCA => Take(4),
                0xCF or 0xD3 or 0xCB => Take(8),
                _ => Take(Length(head)),
            };
        }

        return before - _rest.Length;
    }

    private void SkipMany(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Skip();
        }
    }

    private int Length(byte head) => (head & 0xE0) == 0xA0 ? head & 0x1F : head switch
    {
        0xC4 or 0xD9 => Take(),
        0xC5 or 0xDA => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        0xC6 or 0xDB => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
        _ => throw new InvalidDataException($"Not text or bytes: {head:x2}."),
    };

    private byte Take() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
