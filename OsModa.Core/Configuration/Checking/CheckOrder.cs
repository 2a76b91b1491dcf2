using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>What a machine is told to check, as start-check.sh takes it.</summary>
internal static class CheckOrder
{
    /// <summary>Of all runs, on the machine that builds.</summary>
    public const string Folder = "/var/lib/osmoda/checks";

    /// <summary>Of options that are evaluated one by one.</summary>
    public const int MostFields = 200;

    /// <summary>Of the packed configuration, in bytes: it travels as an argument.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Lines of fields separated by TAB.</summary>
    public static string Text(ServerSource source, string folder, ImmutableArray<OptionPath> fields)
    {
        var text = new StringBuilder("order\t1\n");
        text.Append("source\t").Append(source.Kind == SourceKind.Flake ? "flake" : "channel").Append('\n');
        text.Append("place\t").Append(source.Kind == SourceKind.Flake && !source.OwnFlake ? "" : folder).Append('\n');
        text.Append("name\t").Append(source.FlakeName).Append('\n');
        text.Append("extra\t").Append(source is { Kind: SourceKind.Flake, OwnFlake: true } ? $"{folder}/{SettingsFiles.Module}" : "").Append('\n');
        text.Append("settings\t").Append(folder).Append('/').Append(SettingsFiles.Name).Append('\n');
        foreach (var field in fields)
        {
            text.Append("path\t").Append(JsonSerializer.Serialize(field.Parts)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>All files as one argument; null when they are too many.</summary>
    /// <param name="files">By their paths.</param>
    /// <param name="executables">Which of them are executable.</param>
    public static string? Pack(IReadOnlyDictionary<string, byte[]> files, IReadOnlySet<string> executables)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (path, contents) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(contents), Mode = executables.Contains(path) ? Executable : Readable, ModificationTime = DateTimeOffset.UnixEpoch });
                if (bytes.Length > MostBytes)
                {
                    return null;
                }
            }
        }

        return bytes.Length > MostBytes ? null : Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
