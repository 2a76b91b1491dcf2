using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>A document in one text: what <see cref="SettingsFiles"/> keeps in several files.</summary>
internal sealed record DraftText(string Settings, ImmutableSortedDictionary<string, string> Expressions)
{
    public static string Write(SettingsDocument document)
    {
        var files = SettingsFiles.Of(document);
        return JsonSerializer.Serialize(new DraftText(Encoding.UTF8.GetString(files.Json.AsSpan()), files.Expressions));
    }

    /// <exception cref="FormatException">It is no such text.</exception>
    public static SettingsDocument Read(string text)
    {
        try
        {
            var draft = JsonSerializer.Deserialize<DraftText>(text) ?? throw new FormatException("The draft is empty.");
            return SettingsReader.Read(Encoding.UTF8.GetBytes(draft.Settings), name => draft.Expressions.GetValueOrDefault(name));
        }
        catch (JsonException broken)
        {
            throw new FormatException("The draft cannot be read.", broken);
        }
    }
}
