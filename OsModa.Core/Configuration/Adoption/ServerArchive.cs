using System.Buffers;
using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using OsModa.Core.Nix;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Configuration;

/// <summary>The archive that adopt.sh sends. Its entries are counted, and what comes of it is bounded as a whole: the server may send anything.</summary>
internal static class ServerArchive
{
    private const int MostBytes = 16 * 1024 * 1024, MostFile = 1024 * 1024, MostEntries = 2_000, MostLeft = 200, LongestPath = 400;

    // Beside the files there are their names, and blocks that are filled up.
    private const int MostUnpacked = 2 * MostBytes;

    private static readonly SearchValues<string> Secrets = SearchValues.Create(["PRIVATE KEY-----", "AGE-SECRET-KEY-1"], StringComparison.Ordinal);

    /// <returns>The files, or why they cannot be taken in.</returns>
    public static Result<ServerFiles> Unpack(SourceKind kind, string host, StorePath system, AdoptionLines lines)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, byte[]>(StringComparer.Ordinal);
        var executables = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var left = lines.Left.ToList();
        var (bytes, entries) = (0L, 0);
        try
        {
            using var packed = new MemoryStream(Convert.FromBase64String(lines.Packed.ToString()));
            using var tar = new TarReader(new BoundedStream(new GZipStream(packed, CompressionMode.Decompress), MostUnpacked));
            while (tar.GetNextEntry() is { } entry)
            {
                var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
                if (entry.Length > MostFile || (bytes += entry.Length) > MostBytes || ++entries > MostEntries)
                {
                    return FieldErrors.Of("", "The files in /etc/nixos are more than are read in. Move what is no configuration elsewhere.");
                }

                var contents = Contents(entry);
                if (Fault(entry, path, contents) is not { } why)
                {
                    files[path] = contents;
                    if (entry.Mode.HasFlag(UnixFileMode.UserExecute))
                    {
                        executables.Add(path);
                    }
                }
                else if (left.Count < MostLeft)
                {
                    left.Add(new FileLeft(ServerText.Harmless(path, LongestPath), why));
                }
            }
        }
        catch (Exception odd) when (odd is InvalidDataException or FormatException or IOException or NotSupportedException or InvalidOperationException or ArgumentException or OverflowException)
        {
            return FieldErrors.Of("", "What the server sent of /etc/nixos cannot be read: it is damaged, or more than is read in.");
        }

        return new ServerFiles(kind, ServerText.Harmless(host, 63), system, files.ToImmutable(), executables.ToImmutable(), [.. left]);
    }

    private static byte[] Contents(TarEntry entry)
    {
        using var contents = new MemoryStream();
        entry.DataStream?.CopyTo(contents);
        return contents.ToArray();
    }

    private static string? Fault(TarEntry entry, string path, byte[] contents)
    {
        var text = Encoding.UTF8.GetString(contents);
        return entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink ? $"It is a link to {ServerText.Harmless(entry.LinkName, LongestPath)}; links are not followed."
            : entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) ? "It is no file."
            : path.Length is 0 or > LongestPath || path.StartsWith('/') || path.Split('/').Any(part => part is "" or "." or ".." or ".git") || path.Any(c => char.IsControl(c) || c == '\uFFFD') ? "Its name is none that a repository takes."
            : text.AsSpan().ContainsAny(Secrets) ? "It looks like a private key. Secrets do not belong into a repository; keep it on the server, or in sops-nix or agenix."
            : IsNix(path) ? null
            : !entry.Mode.HasFlag(UnixFileMode.OtherRead) ? "Not everybody on the server can read it, so it may be a secret. If it is none, let everybody read it there (chmod o+r) and read it in again."
            : PlainSecret.IsIn(text) ? "There is a secret in it as it is. Keep that on the server, or in sops-nix or agenix."
            : null;
    }

    // What Nix evaluates ends in its store, where everybody can read it anyway.
    private static bool IsNix(string path) => path.EndsWith(".nix", StringComparison.Ordinal) || path.EndsWith(".lock", StringComparison.Ordinal);
}
