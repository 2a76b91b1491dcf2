using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Tree;

namespace OsModa.Core.Ledger.Bundles;

/// <summary>
/// The table of contents of a bundle: <c>manifest.json</c>, canonical JSON. It is signed by nobody: it finds damage, and says what the file claims to be; the
/// evidence is the signed checkpoint.
/// </summary>
/// <param name="Origin">Of the log.</param>
/// <param name="Keys">The log's, as the file says. Whoever checks must know them from elsewhere.</param>
/// <param name="First">The first entry of the range; <paramref name="Size"/> when there are single entries only.</param>
/// <param name="Size">Entries under the checkpoint: the end of the range.</param>
/// <param name="Proofs">How many single entries with their proofs.</param>
/// <param name="Members">SHA-256 of every other file, by its name.</param>
public sealed record BundleManifest(string Origin, ImmutableArray<VerifierKey> Keys, long First, long Size, long Proofs, ImmutableSortedDictionary<string, TreeHash> Members)
{
    private const string Format = "osmoda-ledger-bundle";
    private const long Version = 1;

    /// <summary>The server or person that the single entries are about, when these are all there are from some entry on; null otherwise.</summary>
    public Guid? Source { get; init; }

    public byte[] ToCanonicalJson()
    {
        var json = Common();
        if (Source is { } source)
        {
            json["source"] = source.ToString();
        }

        return CanonicalJson.Write(json);
    }

    /// <summary>False for anything but what <see cref="ToCanonicalJson"/> gives, byte for byte.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out BundleManifest? manifest)
    {
        manifest = null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            var root = document.RootElement;
            var members = ImmutableSortedDictionary.CreateBuilder<string, TreeHash>(StringComparer.Ordinal);
            foreach (var member in root.GetProperty("members").EnumerateObject())
            {
                if (!TreeHash.TryParseHex(System.Text.Encoding.UTF8.GetBytes(member.Value.GetString() ?? ""), out var hash) || members.ContainsKey(member.Name))
                {
                    return false;
                }

                members.Add(member.Name, hash);
            }

            var read = new BundleManifest(
                root.GetProperty("origin").GetString()!,
                [.. root.GetProperty("keys").EnumerateArray().Select(static key => VerifierKey.TryParse(key.GetString(), out var parsed, out var error) ? parsed : throw new FormatException(error))],
                root.GetProperty("range").GetProperty("first").GetInt64(),
                root.GetProperty("range").GetProperty("end").GetInt64(),
                root.GetProperty("counts").GetProperty("proofs").GetInt64(),
                members.ToImmutable())
            {
                Source = root.TryGetProperty("source", out var source) ? source.GetGuid() : null,
            };
            var fits = read.First >= 0 && read.First <= read.Size && (read.First % TileId.FullWidth == 0 || read.First == read.Size) && (read.Source is null || read.First == read.Size) && read.ToCanonicalJson().AsSpan().SequenceEqual(json.Span);
            manifest = fits ? read : null;
            return fits;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            return false;
        }
    }

    private JsonObject Common() => new()
    {
        ["format"] = Format,
        ["version"] = Version,
        ["origin"] = Origin,
        ["keys"] = new JsonArray([.. Keys.Select(static key => JsonValue.Create(key.ToString()))]),
        ["range"] = new JsonObject { ["first"] = First, ["end"] = Size },
        ["counts"] = new JsonObject { ["entries"] = Size - First, ["proofs"] = Proofs, ["members"] = Members.Count },
        ["members"] = new JsonObject(Members.Select(static member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value.ToHex()))),
    };
}
