using System.Buffers.Binary;

namespace OsModa.Core.Ledger.Tree;

/// <summary>Entries one after the other, each after its length in two bytes, big endian (C2SP tlog-tiles, "Log entries").</summary>
public static class EntryBundle
{
    public const int MostEntryBytes = ushort.MaxValue;
    private const int LengthBytes = 2;

    /// <summary>The bundle with one entry more.</summary>
    public static void Append(List<byte> bundle, ReadOnlySpan<byte> entry)
    {
        if (entry.Length > MostEntryBytes)
        {
            throw new ArgumentException($"An entry has at most {MostEntryBytes} bytes, not {entry.Length}.", nameof(entry));
        }

        bundle.Add((byte)(entry.Length >> 8));
        bundle.Add((byte)entry.Length);
        bundle.AddRange(entry);
    }

    /// <summary>The bundle with another entry in one place; null when it is broken before or at that.</summary>
    public static byte[]? Replace(ReadOnlySpan<byte> bundle, int place, ReadOnlySpan<byte> entry)
    {
        if (!TryFind(bundle, place, out var old))
        {
            return null;
        }

        bundle.Overlaps(old, out var at);
        var added = new List<byte>();
        Append(added, entry);
        return [.. bundle[..(at - LengthBytes)], .. added, .. bundle[(at + old.Length)..]];
    }

    /// <summary>Takes the next entry off the front.</summary>
    /// <returns>False when what is left is no whole entry.</returns>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> entry)
    {
        entry = default;
        if (rest.Length < LengthBytes || BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && rest.Length < LengthBytes + length)
        {
            return false;
        }

        entry = rest.Slice(LengthBytes, length);
        rest = rest[(LengthBytes + length)..];
        return true;
    }

    /// <summary>One entry by its place within the bundle; false when the bundle is broken before or at it.</summary>
    public static bool TryFind(ReadOnlySpan<byte> bundle, int place, out ReadOnlySpan<byte> entry)
    {
        entry = default;
        var rest = bundle;
        for (var i = 0; i <= place; i++)
        {
            if (!TryTake(ref rest, out entry))
            {
                return false;
            }
        }

        return place >= 0;
    }
}
