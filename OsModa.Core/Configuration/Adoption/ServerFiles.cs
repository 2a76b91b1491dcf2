using System.Buffers;
using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using OsModa.Core.Nix;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <param name="Path">Below <c>/etc/nixos</c>; text of the server, made harmless.</param>
/// <param name="Why">One sentence.</param>
public sealed record FileLeft(string Path, string Why);

/// <summary>What a server has in <c>/etc/nixos</c>, as far as it is taken in. Whatever a server sends is limited in number and size, and holds no secrets that can be told by their looks.</summary>
/// <param name="Kind">With a flake or without.</param>
/// <param name="Host">What the server calls itself: the name of its system in a flake.</param>
/// <param name="System">What runs.</param>
/// <param name="Files">By their paths below <c>/etc/nixos</c>.</param>
/// <param name="Executables">Which of them are executable.</param>
/// <param name="Left">What was not taken in, and why.</param>
internal sealed record ServerFiles(SourceKind Kind, string Host, StorePath System, ImmutableSortedDictionary<string, byte[]> Files, ImmutableSortedSet<string> Executables, ImmutableArray<FileLeft> Left)
{
    private const int MostPacked = 8 * 1024 * 1024, MostBytes = 16 * 1024 * 1024, MostFile = 1024 * 1024, MostFiles = 2_000, MostLeft = 200, LongestPath = 400;

    private static readonly SearchValues<string> Secrets = SearchValues.Create(["PRIVATE KEY-----", "AGE-SECRET-KEY-1"], StringComparison.Ordinal);
    private static readonly RemoteScript Script = RemoteScript.Embedded("adopt.sh") with { NeedsRoot = true };

    /// <returns>The files, or why they cannot be taken in.</returns>
    public static async Task<Result<ServerFiles>> ReadAsync(ShellOf shells, ServerId server, CancellationToken cancellationToken)
    {
        try
        {
            var lines = new AdoptionLines();
            var shell = await shells(server, cancellationToken);
            var run = await shell.StartAsync(Script, [], cancellationToken);
            await using (run)
            {
                await foreach (var line in run.ReadLinesAsync(cancellationToken))
                {
                    if (!lines.Take(line.Span, MostPacked))
                    {
                        return FieldErrors.Of("", $"The files in /etc/nixos are more than {MostPacked / 1024 / 1024} MiB packed. Move what is no configuration elsewhere.");
                    }
                }
            }

            return lines.Failure is { } why ? FieldErrors.Of("", JournalLine.Harmless(why))
                : lines is { Ended: true, Kind: { } kind, System: { } system } ? Unpack(kind, lines.Host, system, lines)
                : FieldErrors.Of("", "The server did not tell what it is configured with.");
        }
        catch (ConnectionException lost)
        {
            return FieldErrors.Of("", lost.Fault.Detail);
        }
    }

    private static Result<ServerFiles> Unpack(SourceKind kind, string host, StorePath system, AdoptionLines lines)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, byte[]>(StringComparer.Ordinal);
        var executables = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var left = lines.Left.ToList();
        var bytes = 0L;
        try
        {
            using var packed = new MemoryStream(Convert.FromBase64String(lines.Packed.ToString()));
            using var tar = new TarReader(new GZipStream(packed, CompressionMode.Decompress));
            while (tar.GetNextEntry() is { } entry)
            {
                var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
                if (entry.Length > MostFile || (bytes += entry.Length) > MostBytes || files.Count >= MostFiles)
                {
                    return FieldErrors.Of("", "The files in /etc/nixos are more than are read in. Move what is no configuration elsewhere.");
                }

                var contents = Contents(entry);
                if (Fault(entry, path, contents) is { } why)
                {
                    left.Add(new FileLeft(ServerText.Harmless(path, LongestPath), why));
                }
                else
                {
                    files[path] = contents;
                    if (entry.Mode.HasFlag(UnixFileMode.UserExecute))
                    {
                        executables.Add(path);
                    }
                }
            }
        }
        catch (Exception odd) when (odd is InvalidDataException or FormatException or IOException or NotSupportedException)
        {
            return FieldErrors.Of("", "What the server sent of /etc/nixos cannot be read: it is damaged.");
        }

        return new ServerFiles(kind, ServerText.Harmless(host, 63), system, files.ToImmutable(), executables.ToImmutable(), [.. left.Take(MostLeft)]);
    }

    /// <summary>Which are executable, by their paths in a repository where they lie in a folder.</summary>
    public ImmutableSortedSet<string> ExecutablesIn(string folder) => Executables.Select(path => $"{folder}/{path}").ToImmutableSortedSet(StringComparer.Ordinal);

    private static byte[] Contents(TarEntry entry)
    {
        using var contents = new MemoryStream();
        entry.DataStream?.CopyTo(contents);
        return contents.ToArray();
    }

    private static string? Fault(TarEntry entry, string path, byte[] contents) =>
        entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink ? $"It is a link to {ServerText.Harmless(entry.LinkName, LongestPath)}; links are not followed."
        : entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) ? "It is no file."
        : path.Length is 0 or > LongestPath || path.StartsWith('/') || path.Split('/').Any(part => part is "" or "." or ".." or ".git") || path.Any(c => char.IsControl(c) || c == '\uFFFD') ? "Its name is none that a repository takes."
        : Encoding.UTF8.GetString(contents).AsSpan().ContainsAny(Secrets) ? "It looks like a private key. Secrets do not belong into a repository; keep it on the server, or in sops-nix or agenix."
        : null;
}

/// <summary>Takes the lines of adopt.sh one by one.</summary>
internal sealed class AdoptionLines
{
    private const int MostLeft = 100;

    public StringBuilder Packed { get; } = new();

    public List<FileLeft> Left { get; } = [];

    public SourceKind? Kind { get; private set; }

    public string Host { get; private set; } = "";

    public StorePath? System { get; private set; }

    public string? Failure { get; private set; }

    public bool Ended { get; private set; }

    /// <summary>False when it is more than is taken.</summary>
    public bool Take(ReadOnlySpan<byte> line, int mostPacked)
    {
        if (line is [(byte)'=', .. var piece])
        {
            Packed.Append(Encoding.ASCII.GetString(piece));
            return Packed.Length <= mostPacked / 3 * 4;
        }

        switch (Encoding.UTF8.GetString(line).Split('\t'))
        {
            case ["source", var kind]:
                Kind = kind == "flake" ? SourceKind.Flake : SourceKind.Channel;
                break;
            case ["host", var host]:
                Host = host;
                break;
            case ["system", var path] when StorePath.TryParse(path, out var system):
                System = system;
                break;
            case ["left", var why, var path] when Left.Count < MostLeft:
                Left.Add(new FileLeft(ServerText.Harmless(path, 400), ServerText.Harmless(why, 200)));
                break;
            case ["failed", var why]:
                Failure = why;
                break;
            case ["end", _]:
                Ended = true;
                break;
        }

        return true;
    }
}
