using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Configuration;

/// <summary>Schemas on the disk, in <c>options/</c> of the data folder: an index for each revision, and a small file for each server that says which one it has.</summary>
internal sealed class SchemaShelf(StorageSettings settings)
{
    private readonly string _folder = Path.Combine(Path.GetFullPath(settings.Folder), "options");

    /// <summary>A hash of what the options say; the same wherever they are read.</summary>
    public static SchemaRevision RevisionOf(IEnumerable<Option> options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var option in options)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(StoredOption.Write(option)));
        }

        return SchemaRevision.TryParse(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)), out var revision, out var error) ? revision : throw new InvalidOperationException(error);
    }

    public OptionIndex IndexOf(SchemaRevision revision, IEnumerable<Option> options) => OptionIndex.Open(_folder, revision) ?? OptionIndex.Make(_folder, revision, options);

    /// <summary>What was last kept for a server; null when that is nothing, or of another version of the product.</summary>
    public ServerSchema? Read(ServerId server)
    {
        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(FileOf(server)), StoredOption.Shape);
            return kept is not null && SchemaRevision.TryParse(kept.Revision, out var revision, out _) && OptionIndex.Open(_folder, revision) is { } index
                ? new ServerSchema
                {
                    Index = index,
                    Revision = revision,
                    Origin = kept.Origin,
                    Count = index.Count,
                    Here = Sorted(kept.Here),
                    ReadAt = kept.ReadAt,
                    Whole = kept.Whole,
                    Stamp = kept.Stamp,
                    System = kept.System,
                    Commit = CommitId.TryParse(kept.Commit, out var commit) ? commit : null,
                    Configuration = kept.Configuration,
                }
                : null;
        }
        catch (Exception absent) when (absent is IOException or JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Written aside and renamed: there is the old one or the new one.</summary>
    public void Keep(ServerId server, ServerSchema schema)
    {
        var aside = $"{FileOf(server)}.{Guid.NewGuid():N}.new";
        File.WriteAllBytes(aside, JsonSerializer.SerializeToUtf8Bytes(
            new Kept(schema.Revision.Text, schema.Origin, [.. schema.Here.Values], schema.ReadAt, schema.Whole, schema.Stamp, schema.System, schema.Commit?.Text, schema.Configuration), StoredOption.Shape));
        File.Move(aside, FileOf(server), overwrite: true);
    }

    public static ImmutableSortedDictionary<OptionPath, ValueHere> Sorted(IEnumerable<ValueHere> here) => here.ToImmutableSortedDictionary(value => value.Path, value => value, OptionPath.Order);

    private string FileOf(ServerId server) => Path.Combine(_folder, $"{server.Value:N}.server");

    private sealed record Kept(string Revision, SchemaOrigin Origin, ImmutableArray<ValueHere> Here, DateTimeOffset ReadAt, bool Whole, string? Stamp, string? System, string? Commit, string? Configuration);
}
