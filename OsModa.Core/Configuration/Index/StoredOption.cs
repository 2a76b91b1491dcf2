using System.Text.Json;
using System.Text.Json.Serialization;

namespace OsModa.Core.Configuration;

/// <summary>An option as JSON of our own, in a row of the index.</summary>
internal static class StoredOption
{
    internal static readonly JsonSerializerOptions Shape = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        MaxDepth = 128,
        Converters = { new PathConverter(), new ValueConverter() },
    };

    public static string Write(Option option) => JsonSerializer.Serialize(option, Shape);

    public static Option Read(string json) => JsonSerializer.Deserialize<Option>(json, Shape) ?? throw new JsonException("No option.");

    private sealed class PathConverter : JsonConverter<OptionPath>
    {
        public override OptionPath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            OptionPath.Of(JsonSerializer.Deserialize<string[]>(ref reader) ?? []);

        public override void Write(Utf8JsonWriter writer, OptionPath value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.Parts);
    }

    private sealed class ValueConverter : JsonConverter<NixValue>
    {
        public override bool HandleNull => true;

        public override NixValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Null ? null! : PlainJson.Read(document.RootElement.TryGetProperty("v", out var value) ? value : document.RootElement);
        }

        // In an object of its own: the null of Nix is a value, no value is none.
        public override void Write(Utf8JsonWriter writer, NixValue value, JsonSerializerOptions options)
        {
            if (value is null)
            {
                writer.WriteNullValue();
                return;
            }

            writer.WriteStartObject();
            writer.WritePropertyName("v");
            ValueWriter.Write(writer, value, static _ => "");
            writer.WriteEndObject();
        }
    }
}
