using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;

namespace OsModa.Demo.Machines;

/// <summary>Files of a configuration as they are sent to a server: a tar archive, gzipped, in base 64.</summary>
internal static class PackedFiles
{
    /// <summary>By their paths from the root.</summary>
    /// <exception cref="FormatException">That is no base 64.</exception>
    /// <exception cref="InvalidDataException">That is no such archive.</exception>
    public static ImmutableSortedDictionary<string, byte[]> Read(string packed)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, byte[]>(StringComparer.Ordinal);
        using var bytes = new MemoryStream(Convert.FromBase64String(packed));
        using var tar = new TarReader(new GZipStream(bytes, CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            using var contents = new MemoryStream();
            entry.DataStream?.CopyTo(contents);
            files[entry.Name] = contents.ToArray();
        }

        return files.ToImmutable();
    }
}
