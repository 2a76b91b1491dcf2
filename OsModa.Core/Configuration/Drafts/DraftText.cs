using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OsModa.Core.Configuration;

/// <summary>A document in one text: what <see cref="SettingsFiles"/> keeps in several files.</summary>
internal sealed record DraftText(string Settings, ImmutableSortedDictionary<string, string> Expressions)
{
    /// <summary>The open proposal that the draft is to become the next version of; null for a new one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Proposal { get; init; }

    public static string Write(SettingsDocument document, Guid? proposal = null)
    {
        var files = SettingsFiles.Of(document);
        return JsonSerializer.Serialize(new DraftText(Encoding.UTF8.GetString(files.Json.AsSpan()), files.Expressions) { Proposal = proposal });
    }

    /// <exception cref="FormatException">It is no such text.</exception>
    public static DraftText Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<DraftText>(text) ?? throw new FormatException("The draft is empty.");
        }
        catch (JsonException broken)
        {
            throw new FormatException("The draft cannot be read.", broken);
        }
    }

    /// <exception cref="FormatException">It says no document.</exception>
    public SettingsDocument ToDocument() => SettingsReader.Read(Encoding.UTF8.GetBytes(Settings), name => Expressions.GetValueOrDefault(name));
}
