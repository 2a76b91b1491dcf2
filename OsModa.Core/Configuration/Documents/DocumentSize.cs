namespace OsModa.Core.Configuration;

/// <summary>How much a document may be: what is written has to be read again.</summary>
public static class DocumentSize
{
    // Of JSON around each name and each value: its place in a line, quotes, brackets and marks.
    private const int Around = 128;

    /// <summary>Why a document is too much to be kept, or null.</summary>
    public static string? Fault(SettingsDocument document) =>
        document.Settings.Count > SettingsDocument.MostSettings ? $"The form sets {document.Settings.Count:N0} places, and {SettingsDocument.MostSettings:N0} are the most. Take some out, or write them into a file of the repository."
        : AtMost(document) > SettingsReader.MostBytes && SettingsFiles.Of(document).Json.Length > SettingsReader.MostBytes ? $"What the form sets is more than {SettingsReader.MostBytes / 1024 / 1024} MiB together. Take something out, or write it into a file of the repository."
        : null;

    // In bytes, never too few: a sign takes six at most. It is asked at each key stroke, so it writes nothing.
    private static long AtMost(SettingsDocument document) => document.Settings.Values.Sum(static setting => Around + setting.Path.Parts.Sum(Name) + AtMost(setting.Value));

    private static long AtMost(NixValue value) => value switch
    {
        NixText(var text) => Name(text),
        NixList(var items) => Around + items.Sum(AtMost),
        NixSet(var members) => Around + members.Sum(static member => Name(member.Key) + AtMost(member.Value)),
        NixPackage(var path) => Around + path.Sum(Name),
        _ => Around,
    };

    private static long Name(string text) => Around + (6L * text.Length);
}
