using System.Collections.Immutable;
using System.Text.Json;

namespace OsModa.Core.Nix;

/// <summary>
/// Reads what <c>nix path-info --json</c> prints. Its shape depends on the version: an array of objects with <c>path</c> (Nix up to 2.18, and Lix),
/// an object by path (2.19 and later), or an object with <c>info</c> by base name (<c>--json-format 2</c> and 3). Paths that are not valid are left out.
/// </summary>
public static class PathInfoJson
{
    /// <summary>More paths than any server's store holds.</summary>
    public const int MostPaths = 500_000;

    /// <summary>Bytes of one path: more than any has, and so few that the sum over all that an answer can name is still a number.</summary>
    public const long MostBytes = 4L << 40;

    /// <exception cref="FormatException">It is none of the known shapes; the message says where it differs.</exception>
    public static ImmutableDictionary<StorePath, StorePathInfo> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            var infos = ImmutableDictionary.CreateBuilder<StorePath, StorePathInfo>();
            foreach (var info in Infos(document.RootElement))
            {
                infos[info.Path] = info;
                if (infos.Count > MostPaths)
                {
                    throw new FormatException($"More than {MostPaths:N0} store paths.");
                }
            }

            return infos.ToImmutable();
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("The answer of nix path-info is not JSON of a known shape.", broken);
        }
    }

    private static IEnumerable<StorePathInfo> Infos(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.EnumerateArray().Select(entry => Info(entry.GetProperty("path").GetString(), entry)).OfType<StorePathInfo>();
        }

        var byPath = root.TryGetProperty("info", out var info) ? info : root;
        // Format 1 of newer versions may stand beside members that describe the format itself, such as "version".
        return byPath.EnumerateObject()
            .Where(member => member.Value.ValueKind == JsonValueKind.Object)
            .Select(member => Info(member.Name, member.Value))
            .OfType<StorePathInfo>();
    }

    private static StorePathInfo? Info(string? path, JsonElement entry)
    {
        // An entry of an invalid path has no size: {"path":…,"valid":false}.
        if (!entry.TryGetProperty("narSize", out var size) || size.ValueKind != JsonValueKind.Number)
        {
            return null;
        }

        var self = PathOf(path);
        var bytes = size.GetInt64();
        if (bytes is < 0 or > MostBytes)
        {
            throw new FormatException($"{self} has a size that no store path has.");
        }

        var references = entry.TryGetProperty("references", out var listed) && listed.ValueKind == JsonValueKind.Array
            ? listed.EnumerateArray().Select(reference => PathOf(reference.GetString())).Where(reference => reference != self).ToImmutableArray()
            : [];
        return new StorePathInfo(self, bytes, references);
    }

    private static StorePath PathOf(string? text) =>
        StorePath.TryParse(text, out var path) || StorePath.TryParseBaseName(text, out path)
            ? path
            : throw new FormatException("The answer of nix path-info names something that is not a store path.");
}
