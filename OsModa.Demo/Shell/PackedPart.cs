using System.IO.Compression;

namespace OsModa.Demo.Shell;

/// <summary>Bytes as scripts send them: <c>gzip -1 | base64 -w 32768</c>, and a dot.</summary>
internal static class PackedPart
{
    private const int BytesOfLine = 32_768 / 4 * 3;

    public static IEnumerable<string> Lines(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(bytes);
        }

        return [.. packed.ToArray().Chunk(BytesOfLine).Select(static some => Convert.ToBase64String(some)), "."];
    }
}
