using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>Units that this one needs or wants, and its socket, where they differ.</summary>
internal static class UnitSuspects
{
    private static readonly (string Key, string Words, int Closeness)[] Ties =
    [
        ("Requires", "requires it", Closeness.NeededUnit), ("Requisite", "requires it", Closeness.NeededUnit), ("BindsTo", "is bound to it", Closeness.NeededUnit),
        ("PartOf", "is part of it", Closeness.NeededUnit), ("Wants", "wants it", Closeness.WantedUnit), ("After", "starts after it", Closeness.WantedUnit),
    ];

    public static IEnumerable<Suspect> Find(SystemDifference difference, UnitSides unit)
    {
        var ties = TiesOf(unit);
        foreach (var change in difference.Units)
        {
            if (change.Unit != unit.File && ties.TryGetValue(change.Unit.Text, out var tie) && How(change) is { } how)
            {
                yield return new Suspect(SuspectKind.Unit, change.Unit.Text, $"{unit.Unit.Short} {tie.Words}: {how}.", tie.Closeness) { Row = RowIds.Unit(change.Unit) };
            }
        }
    }

    private static Dictionary<string, (string Words, int Closeness)> TiesOf(UnitSides unit)
    {
        var ties = new Dictionary<string, (string, int)>(StringComparer.Ordinal);
        foreach (var socket in Names(unit, "Service", "Sockets").DefaultIfEmpty(unit.File.Short + ".socket"))
        {
            ties.TryAdd(socket, ("is started by this socket", Closeness.NeededUnit));
        }

        foreach (var (key, words, closeness) in Ties)
        {
            foreach (var name in Names(unit, "Unit", key))
            {
                ties.TryAdd(name, (words, closeness));
                if (UnitName.TryParse(name, out var parsed) && parsed.Template is { } template)
                {
                    ties.TryAdd(template.Text, (words, closeness));
                }
            }
        }

        return ties;
    }

    private static IEnumerable<string> Names(UnitSides unit, string section, string key) =>
        unit.Old.Values(section, key).Concat(unit.New.Values(section, key)).SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal);

    /// <summary>Null for what is merely built anew.</summary>
    private static string? How(UnitFileChange change) =>
        change.Old is null && change.New is null ? "its file is another one"
        : change.Old is null ? "it is new"
        : change.New is null ? "it is gone"
        : change.IsRebuilt ? null
        : (UnitProgram.Of(change.Old), UnitProgram.Of(change.New)) is ({ } old, { } now) && old != now && old.Name == now.Name ? $"{old.Name} {old.Version} became {now.Version}"
        : "it has other settings";
}
