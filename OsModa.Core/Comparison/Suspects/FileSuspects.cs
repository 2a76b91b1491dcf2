namespace OsModa.Core.Comparison;

/// <summary>Files below /etc that differ and that the unit names, that bear its name, or that most programs read.</summary>
internal static class FileSuspects
{
    private static readonly string[] Common = ["hosts", "resolv.conf", "nsswitch.conf", "localtime"];

    public static IEnumerable<Suspect> Find(SystemDifference difference, UnitSides unit)
    {
        var named = unit.OldNames.Etc.Union(unit.NewNames.Etc, StringComparer.Ordinal).ToList();
        foreach (var file in difference.Files)
        {
            if (file.Kind != FileChangeKind.Rebuilt && Of(file.Path, named, unit) is { } near)
            {
                yield return new Suspect(SuspectKind.File, "/etc/" + file.Path, $"{near.Why}: it {Kind(file.Kind)}.", near.Closeness) { Row = RowIds.File(file.Path) };
            }
        }
    }

    private static (string Why, int Closeness)? Of(string path, List<string> named, UnitSides unit) =>
        named.Contains(path, StringComparer.Ordinal) ? ($"{unit.Unit.Short} names this file", Closeness.NamedFile)
        : named.Find(folder => path.StartsWith(folder + "/", StringComparison.Ordinal)) is { } inside ? ($"{unit.Unit.Short} names the folder /etc/{inside}", Closeness.NamedFile)
        : path.Split('/', '.').Contains(unit.File.Short.TrimEnd('@'), StringComparer.Ordinal) ? ("It bears the unit's name", Closeness.FileOfItsName)
        : Common.Contains(path) ? ("Most programs read it", Closeness.CommonFile)
        : null;

    private static string Kind(FileChangeKind kind) => kind switch
    {
        FileChangeKind.Added => "is new",
        FileChangeKind.Removed => "is gone",
        FileChangeKind.Rights => "has other rights",
        _ => "says something else",
    };
}
