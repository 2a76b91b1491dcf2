using System.Buffers.Binary;
using System.Text;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>
/// Looks a ZIP from a stranger over before anything unpacks it: the central directory alone, header by header (PKWARE APPNOTE 6.3, sections 4.3.12 and 4.3.16). What a bundle never has is refused: more than
/// one disk, ZIP64, encryption, comments, links, names that lead out of a folder or occur twice, sizes that cannot be.
/// </summary>
internal static class ZipContents
{
    private const int EndBytes = 22;
    private const uint EndMark = 0x06054b50;
    private const int HeaderBytes = 46;
    private const uint HeaderMark = 0x02014b50;
    private const int FileKind = 0x8000;
    private const int KindBits = 0xF000;

    /// <summary>Unpacked sizes by name, as the file says.</summary>
    /// <exception cref="LedgerDamagedException">It is no bundle.</exception>
    public static IReadOnlyDictionary<string, long> Read(Stream file)
    {
        Span<byte> end = stackalloc byte[EndBytes];
        if (file.Length < EndBytes)
        {
            throw Malformed("it is too short");
        }

        file.Position = file.Length - EndBytes;
        file.ReadExactly(end);
        var (count, bytes, at) = (U16(end, 10), U32(end, 12), U32(end, 16));
        if (U32(end, 0) != EndMark || U32(end, 4) != 0 || U16(end, 8) != count || U16(end, 20) != 0 || at + bytes != file.Length - EndBytes)
        {
            throw Malformed("it does not end as a ZIP of ours does");
        }

        if (count > BundleLimits.MostMembers || bytes > count * (HeaderBytes + (2L * BundleLimits.MostNameBytes)))
        {
            throw Malformed($"it has more than {BundleLimits.MostMembers} files, or too long names");
        }

        var directory = new byte[bytes];
        file.Position = at;
        file.ReadExactly(directory);
        return Walk(directory, (int)count, file.Length);
    }

    private static Dictionary<string, long> Walk(ReadOnlySpan<byte> directory, int count, long fileBytes)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        var (packed, unpacked) = (0L, 0L);
        for (var i = 0; i < count; i++)
        {
            if (directory.Length < HeaderBytes || U32(directory, 0) != HeaderMark || directory.Length < HeaderBytes + U16(directory, 28) + U16(directory, 30) || U16(directory, 28) > BundleLimits.MostNameBytes || U16(directory, 32) != 0)
            {
                throw Malformed("its table of files is broken");
            }

            var name = Encoding.Latin1.GetString(directory.Slice(HeaderBytes, (int)U16(directory, 28)));
            if (!IsPlain(name))
            {
                throw Malformed("a file in it has a name that leads elsewhere");
            }

            if ((U16(directory, 8) & 1) != 0 || U16(directory, 10) is not (0 or 8) || ((U32(directory, 38) >> 16) & KindBits) is not (0 or FileKind))
            {
                throw Malformed($"{name} in it is encrypted, a link, or packed in a way that is not known here");
            }

            packed += U32(directory, 20);
            unpacked += U32(directory, 24);
            if (!sizes.TryAdd(name, U32(directory, 24)))
            {
                throw Malformed($"{name} is in it twice");
            }

            directory = directory[(HeaderBytes + (int)U16(directory, 28) + (int)U16(directory, 30))..];
        }

        return !directory.IsEmpty ? throw Malformed("its table of files is broken")
            : packed > fileBytes ? throw Malformed("files in it overlap")
            : unpacked > BundleLimits.MostBytes || unpacked > fileBytes * BundleLimits.MostRatio ? throw Malformed("unpacked, it would be larger than a bundle can be")
            : sizes;
    }

    // Letters, digits and . _ - in parts between single slashes.
    private static bool IsPlain(string name) => name.Split('/').All(static part => part.Length > 0 && part is not ("." or "..") && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'));

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static uint U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static LedgerDamagedException Malformed(string why) => new($"This is no export of a ledger: {why}.");
}
