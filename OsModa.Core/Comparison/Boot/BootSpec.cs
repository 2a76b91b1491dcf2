using System.Collections.Immutable;
using System.Text.Json;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Comparison;

/// <summary>What a system boots with: its boot.json (NixOS RFC 125, document <c>org.nixos.bootspec.v1</c>).</summary>
public sealed record BootSpec
{
    private const int MostParams = 200, LongestText = 500;

    /// <summary>Path of the kernel's image.</summary>
    public string Kernel { get; private init; } = "";

    /// <summary>Path of the initial ram disk; empty when there is none.</summary>
    public string Initrd { get; private init; } = "";

    public ImmutableArray<string> KernelParams { get; private init; } = [];

    /// <summary>Name in the boot menu.</summary>
    public string Label { get; private init; } = "";

    public ImmutableSortedSet<string> Specialisations { get; private init; } = [];

    /// <summary>Null when the text is missing or is no such document.</summary>
    public static BootSpec? Parse(string? json)
    {
        if (json is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            if (!document.RootElement.TryGetProperty("org.nixos.bootspec.v1", out var spec))
            {
                return null;
            }

            return new BootSpec
            {
                Kernel = Text(spec, "kernel"),
                Initrd = Text(spec, "initrd"),
                Label = Text(spec, "label"),
                KernelParams = spec.TryGetProperty("kernelParams", out var given) && given.ValueKind == JsonValueKind.Array
                    ? [.. given.EnumerateArray().Take(MostParams).Where(p => p.ValueKind == JsonValueKind.String).Select(p => ServerText.Harmless(p.GetString()!, LongestText))]
                    : [],
                Specialisations = document.RootElement.TryGetProperty("org.nixos.specialisation.v1", out var special) && special.ValueKind == JsonValueKind.Object
                    ? [.. special.EnumerateObject().Take(MostParams).Select(p => ServerText.Harmless(p.Name, LongestText))]
                    : [],
            };
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(JsonElement spec, string name) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? ServerText.Harmless(value.GetString()!, LongestText) : "";
}
