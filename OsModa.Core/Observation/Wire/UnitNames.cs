using System.Buffers.Text;

namespace OsModa.Core.Observation.Wire;

/// <summary>Names of units as bytes, plain or as labels of D-Bus objects, remembered so that a name that comes again costs nothing.</summary>
internal sealed class UnitNames
{
    private const int Most = 16_384;
    private const int LongestLabel = 3 * 255;

    private readonly Dictionary<byte[], UnitName?>.AlternateLookup<ReadOnlySpan<byte>> _known = new Dictionary<byte[], UnitName?>(BytesAreEqual.Comparer).GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The unit of a field; null when it is no name of a unit.</summary>
    public UnitName? Find(ReadOnlySpan<byte> field)
    {
        if (field.Length > LongestLabel)
        {
            return null;
        }

        if (_known.TryGetValue(field, out var known))
        {
            return known;
        }

        if (_known.Dictionary.Count >= Most)
        {
            _known.Dictionary.Clear();
        }

        var text = field.Contains((byte)'.') ? Escapes.Read(field, 256) : Label(field);
        UnitName? name = UnitName.TryParse(text, out var parsed) ? parsed : null;
        _known[field] = name;
        return name;
    }

    // sd_bus_path_encode(3): what is no letter or digit, and a digit in first place, is "_" and two hexadecimal digits.
    private static string? Label(ReadOnlySpan<byte> label)
    {
        Span<char> text = stackalloc char[LongestLabel];
        var length = 0;
        for (var i = 0; i < label.Length; i++)
        {
            var b = label[i];
            if (b == '_')
            {
                if (i + 2 >= label.Length || !Utf8Parser.TryParse(label.Slice(i + 1, 2), out b, out var read, 'x') || read != 2 || b >= 0x80)
                {
                    return null;
                }

                i += 2;
            }

            text[length++] = (char)b;
        }

        return text[..length].ToString();
    }

    private sealed class BytesAreEqual : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static BytesAreEqual Comparer { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
