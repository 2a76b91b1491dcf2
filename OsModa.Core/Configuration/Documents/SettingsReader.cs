using System.Collections.Immutable;
using System.Text.Json;

namespace OsModa.Core.Configuration;

/// <summary>Reads <c>settings.json</c>, which anybody with a Git client may have written.</summary>
public static class SettingsReader
{
    public const int MostBytes = 8 * 1024 * 1024;

    // Each level of a value takes one of JSON; around it are three, and a mark takes two.
    private static readonly JsonDocumentOptions Shape = new() { MaxDepth = NixValue.DeepestNesting + 6, AllowDuplicateProperties = false };

    /// <param name="json">UTF-8.</param>
    /// <param name="expression">The contents of a file in <c>expressions/</c> by its name without <c>.nix</c>, or null.</param>
    /// <exception cref="FormatException">It is no document of ours; the message says what is wrong and where.</exception>
    public static SettingsDocument Read(ReadOnlyMemory<byte> json, Func<string, string?> expression)
    {
        if (json.Length > MostBytes)
        {
            throw new FormatException($"{SettingsFiles.Name} is larger than {MostBytes / 1024 / 1024} MiB.");
        }

        try
        {
            using var document = JsonDocument.Parse(json, Shape);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.Number || format.GetRawText() != "1")
            {
                throw new FormatException($"{SettingsFiles.Name} is not of format 1.");
            }

            var entries = root.GetProperty("settings");
            if (entries.GetArrayLength() > SettingsDocument.MostSettings)
            {
                throw new FormatException($"{SettingsFiles.Name} has more than {SettingsDocument.MostSettings:N0} settings.");
            }

            var settings = entries.EnumerateArray().Select(entry => ReadOne(entry, expression)).ToList();
            return settings.GroupBy(setting => setting.Path).FirstOrDefault(same => same.Skip(1).Any()) is { } twice
                ? throw new FormatException($"{SettingsFiles.Name} sets {twice.Key} twice.")
                : SettingsDocument.Of(settings);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"{SettingsFiles.Name} is not what the form writes: {broken.Message}", broken);
        }
    }

    private static Setting ReadOne(JsonElement entry, Func<string, string?> expression)
    {
        if (!OptionPath.TryFrom(entry.GetProperty("path").EnumerateArray().Select(part => part.GetString() ?? ""), out var path, out var error))
        {
            throw new FormatException($"{SettingsFiles.Name} names an option that cannot be one. {error}");
        }

        var priority = entry.TryGetProperty("priority", out var told) ? told.GetInt32() : Setting.Plain;
        return new Setting(path, ReadValue(entry.GetProperty("value"), expression), priority);
    }

    private static NixValue ReadValue(JsonElement json, Func<string, string?> expression) => json.ValueKind switch
    {
        JsonValueKind.Array => new NixList([.. json.EnumerateArray().Select(item => ReadValue(item, expression))]),
        JsonValueKind.Object when json.EnumerateObject().ToList() is [{ Name: ['$', not '$', ..] } tag] => Tagged(tag, expression),
        JsonValueKind.Object => NixSet.Of(json.EnumerateObject().Select(member => KeyValuePair.Create(Unmarked(member.Name), ReadValue(member.Value, expression)))),
        _ => PlainJson.Read(json) is var value and not NixOther ? value : throw new FormatException($"{SettingsFiles.Name} has a number that Nix cannot hold."),
    };

    private static NixValue Tagged(JsonProperty tag, Func<string, string?> expression) => tag.Name switch
    {
        ValueWriter.Package => new NixPackage([.. tag.Value.EnumerateArray().Select(part => part.GetString() ?? "")]),
        ValueWriter.Expression => tag.Value.GetString() is { } name && expression(name) is { } file && SettingsFiles.Expression(file) is { } code
            ? code
            : throw new FormatException($"{SettingsFiles.Name} names an expression whose file is missing or not what the form writes."),
        _ => throw new FormatException($"{SettingsFiles.Name} has a mark that this version does not know: {tag.Name}."),
    };

    private static string Unmarked(string name) => name.StartsWith("$$", StringComparison.Ordinal) ? name[1..] : name;
}
