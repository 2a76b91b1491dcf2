using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace OsModa.Core.Observation.Wire;

/// <summary>Undoes the escaping of fields: JSON's escapes behind a backslash, all other bytes for themselves.</summary>
internal static class Escapes
{
    /// <summary>The field as harmless text of <paramref name="most"/> characters at most.</summary>
    public static string Read(ReadOnlySpan<byte> field, int most)
    {
        if (field.IndexOf((byte)'\\') < 0)
        {
            return ServerText.Read(field, most);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(field.Length + 4);
        try
        {
            return ServerText.Read(buffer.AsSpan(0, Undo(field, buffer)), most);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes the unescaped bytes; <paramref name="to"/> must have four bytes more than the field. Returns how many.</summary>
    public static int Undo(ReadOnlySpan<byte> field, Span<byte> to)
    {
        var length = 0;
        while (!field.IsEmpty)
        {
            var slash = field.IndexOf((byte)'\\');
            var plain = slash < 0 ? field : field[..slash];
            plain.CopyTo(to[length..]);
            length += plain.Length;
            if (slash < 0)
            {
                break;
            }

            field = field[(slash + 1)..];
            var rune = One(ref field);
            length += rune.EncodeToUtf8(to[length..]);
        }

        return length;
    }

    // The longest result, four bytes, comes from twelve; the shortest escape that gives three (U+FFFD) is a lone backslash at the end,
    // or a backslash with one byte that is no escape, which is why the buffer has room to spare and 'x' below keeps its byte.
    private static Rune One(ref ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty)
        {
            return Rune.ReplacementChar;
        }

        var c = field[0];
        if (c == 'u')
        {
            return Unicode(ref field);
        }

        field = field[1..];
        return c switch
        {
            (byte)'n' => new Rune('\n'),
            (byte)'t' => new Rune('\t'),
            (byte)'r' => new Rune('\r'),
            (byte)'b' => new Rune('\b'),
            (byte)'f' => new Rune('\f'),
            < 0x80 => new Rune(c),
            _ => new Rune('?'),
        };
    }

    private static Rune Unicode(ref ReadOnlySpan<byte> field)
    {
        if (!TryHex(field, out var first))
        {
            field = field[1..];
            return new Rune('?');
        }

        field = field[5..];
        if (char.IsHighSurrogate(first) && field is [(byte)'\\', (byte)'u', ..] && TryHex(field[1..], out var second) && char.IsLowSurrogate(second))
        {
            field = field[6..];
            return new Rune(first, second);
        }

        return char.IsSurrogate(first) ? Rune.ReplacementChar : new Rune(first);
    }

    private static bool TryHex(ReadOnlySpan<byte> field, out char value)
    {
        value = default;
        if (field.Length < 5 || !Utf8Parser.TryParse(field.Slice(1, 4), out ushort number, out var read, 'x') || read != 4)
        {
            return false;
        }

        value = (char)number;
        return true;
    }
}
