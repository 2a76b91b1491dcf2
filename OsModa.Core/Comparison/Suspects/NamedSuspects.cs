using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>Paths of the store that the unit's texts name: its program, its scripts, files and packages; where the two systems name others.</summary>
internal static class NamedSuspects
{
    public static IEnumerable<Suspect> Find(UnitSides unit, PackageRows rows)
    {
        var old = unit.OldNames.Store.ToLookup(one => PackageKey.Of(one.Key).Name, StringComparer.Ordinal);
        var @new = unit.NewNames.Store.ToLookup(one => PackageKey.Of(one.Key).Name, StringComparer.Ordinal);
        foreach (var name in old.Select(group => group.Key).Union(@new.Select(group => group.Key), StringComparer.Ordinal))
        {
            var (before, after) = (Sorted(old[name]), Sorted(@new[name]));
            if (!before.SequenceEqual(after))
            {
                var role = old[name].Concat(@new[name]).Min(one => one.Value);
                if (Of(unit, name, before, after, role) is { } suspect)
                {
                    yield return suspect with { Row = rows.Of(name) };
                }
            }
        }
    }

    private static List<StorePath> Sorted(IEnumerable<KeyValuePair<StorePath, NamedAs>> paths) => [.. paths.Select(one => one.Key).OrderBy(path => path.Text, StringComparer.Ordinal)];

    private static Suspect? Of(UnitSides unit, string name, List<StorePath> before, List<StorePath> after, NamedAs role)
    {
        var key = PackageKey.Of(before.Concat(after).First());
        if (key.IsTrigger)
        {
            return null;
        }

        if (key.IsScript || (key.Version.Length == 0 && role != NamedAs.SearchPath && TextsOf(unit, before, after) is (not null, _) or (_, not null)))
        {
            return Text(unit, key, before, after);
        }

        var versions = VersionSentence.Between(before, after);
        return role switch
        {
            NamedAs.Program => new Suspect(SuspectKind.Program, name, $"It is what {unit.Unit.Short} runs: {versions}.", Closeness.Program),
            NamedAs.SearchPath when versions == VersionSentence.BuiltAnew => null,
            NamedAs.SearchPath => new Suspect(SuspectKind.Package, name, $"Its commands are in the PATH of {unit.Unit.Short}: {versions}.", Closeness.SearchPath),
            _ when key.Written => new Suspect(SuspectKind.File, name, $"{unit.Unit.Short} names this file: {versions}.", Closeness.NamedFile),
            _ => new Suspect(SuspectKind.Package, name, $"{unit.Unit.Short} names it itself: {versions}.", Closeness.NamedPackage),
        };
    }

    private static Suspect? Text(UnitSides unit, PackageKey key, List<StorePath> before, List<StorePath> after)
    {
        var (old, @new) = TextsOf(unit, before, after);
        if (old is not null && @new is not null && StorePathNames.WithoutVersions(old) == StorePathNames.WithoutVersions(@new))
        {
            return null;
        }

        var how = (before.Count, after.Count) switch { (0, _) => "newly", (_, 0) => "no longer", _ => "" };
        var subject = Packages.ArtefactRules.Find(key.Name)?.SubjectOf(key.Name) ?? key.Name;
        return key.IsScript
            ? new Suspect(SuspectKind.Script, subject, how.Length > 0 ? $"{unit.Unit.Short} {how} runs this script." : $"{unit.Unit.Short} runs this script, which says something else.", Closeness.Script) { Old = old, New = @new }
            : new Suspect(SuspectKind.File, subject, how.Length > 0 ? $"{unit.Unit.Short} {how} reads this file." : $"{unit.Unit.Short} reads this file, which says something else.", Closeness.NamedFile) { Old = old, New = @new };
    }

    private static (string? Old, string? New) TextsOf(UnitSides unit, List<StorePath> before, List<StorePath> after) =>
        (before.Select(unit.OldNames.TextOf).FirstOrDefault(), after.Select(unit.NewNames.TextOf).FirstOrDefault());
}
