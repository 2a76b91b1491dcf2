namespace OsModa.Core.Comparison;

/// <summary>The unit's own file: which settings are others, past the hashes and versions of what they name.</summary>
internal static class SettingSuspects
{
    private const int MostNamed = 6;

    public static IEnumerable<Suspect> Find(UnitSides unit)
    {
        if (!unit.Changed)
        {
            yield break;
        }

        var why = (unit.OldText, unit.NewText) switch
        {
            (null, null) => "Its own file is another one, and is no text that can be read.",
            (null, _) => "The unit is new: the first system has none of this name.",
            (_, null) => "The second system has no such unit any more.",
            _ => Settings(unit) is { Count: > 0 } settings ? $"Its own file has other settings: {Listed(settings)}." : null,
        };
        if (why is not null)
        {
            yield return new Suspect(SuspectKind.Settings, unit.File.Text, why, Closeness.Settings) { Row = RowIds.Unit(unit.File) };
        }
    }

    private static List<string> Settings(UnitSides unit) =>
    [
        .. unit.Old.Sections.Union(unit.New.Sections, StringComparer.Ordinal)
            .SelectMany(section => unit.Old.Section(section).Keys.Union(unit.New.Section(section).Keys, StringComparer.Ordinal).Where(key => !Same(unit.Old.Values(section, key), unit.New.Values(section, key))))
            .Where(key => !key.StartsWith("X-", StringComparison.Ordinal) && key is not ("Description" or "Documentation")).Distinct(StringComparer.Ordinal),
    ];

    // The paths themselves are suspects of their own.
    private static bool Same(IReadOnlyList<string> old, IReadOnlyList<string> @new) =>
        old.Select(StorePathNames.WithoutVersions).SequenceEqual(@new.Select(StorePathNames.WithoutVersions), StringComparer.Ordinal);

    private static string Listed(List<string> settings) =>
        settings.Count > MostNamed ? $"{string.Join(", ", settings.Take(MostNamed))} and {settings.Count - MostNamed} more" : string.Join(", ", settings);
}
