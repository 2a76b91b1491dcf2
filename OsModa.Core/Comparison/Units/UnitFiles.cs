using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>Finds the units among the files that differ.</summary>
internal sealed class UnitFiles
{
    public const string Folder = "etc/systemd/system/";

    private readonly SystemFiles _from, _to;
    private readonly ILookup<string, string> _fromDropIns, _toDropIns;
    private readonly ILookup<string, UnitName> _newlyWanted;

    public UnitFiles(SystemFiles from, SystemFiles to)
    {
        (_from, _to) = (from, to);
        var names = new SortedSet<UnitName>();
        foreach (var path in from.Entries.Keys.Concat(to.Entries.Keys))
        {
            if (UnitOf(path) is { } unit)
            {
                names.Add(unit);
            }
        }

        Changed = names;
        (_fromDropIns, _toDropIns) = (DropIns(from), DropIns(to));
        _newlyWanted = NewWishes().ToLookup(wish => wish.Unit, wish => wish.By, StringComparer.Ordinal);
    }

    /// <summary>Units whose file or drop-ins are not the same in both.</summary>
    public IReadOnlyCollection<UnitName> Changed { get; }

    public bool InOld(UnitName unit) => Exists(_from, _to, unit);

    public bool InNew(UnitName unit) => Exists(_to, _from, unit);

    /// <summary>Null when the unit is not there, or its file could not be read as text.</summary>
    public UnitFile? Old(UnitName unit) => Read(_from, _fromDropIns, unit);

    public UnitFile? New(UnitName unit) => Read(_to, _toDropIns, unit);

    public string? OldText(UnitName unit) => InOld(unit) ? Joined(_from, _fromDropIns, unit) : null;

    public string? NewText(UnitName unit) => InNew(unit) ? Joined(_to, _toDropIns, unit) : null;

    /// <summary>A main file of its own was read of it, which an instance of a template seldom has.</summary>
    public bool HasMainFile(UnitName unit) => _from.Texts.ContainsKey(Folder + unit.Text) || _to.Texts.ContainsKey(Folder + unit.Text);

    /// <summary>All of <see cref="Changed"/> with both texts.</summary>
    public ImmutableArray<UnitFileChange> Changes() => [.. Changed.Select(unit => new UnitFileChange(unit, OldText(unit), NewText(unit)))];

    /// <summary>Targets and other units that newly pull this one in.</summary>
    public IEnumerable<UnitName> NewlyWantedBy(UnitName unit) => _newlyWanted[unit.Text];

    /// <summary>Targets and other units that pull this one in, in the new system.</summary>
    public IEnumerable<UnitName> WantedBy(UnitName unit) => _to.Wishes.TryGetValue(unit.Text, out var by) ? by : [];

    private IEnumerable<(string Unit, UnitName By)> NewWishes()
    {
        foreach (var path in _to.Entries.Keys)
        {
            if (!_from.Entries.ContainsKey(path) && WisherOf(path) is { } by)
            {
                yield return (path[(path.LastIndexOf('/') + 1)..], by);
            }
        }
    }

    /// <summary>The unit that wants or requires another by a link of this path; null for what is no such link.</summary>
    public static UnitName? WisherOf(string path) =>
        path.StartsWith(Folder, StringComparison.Ordinal) && path[Folder.Length..].Split('/') is [var folder, _]
        && (Cut(folder, ".wants") ?? Cut(folder, ".requires")) is { } by && UnitName.TryParse(by, out var unit) ? unit : null;

    /// <summary>Paths of drop-ins by the file of their unit, in the order in which they count.</summary>
    private static ILookup<string, string> DropIns(SystemFiles side) =>
        side.Texts.Keys.Where(path => FileOf(path) is { } file && file != path).Order(StringComparer.Ordinal).ToLookup(path => FileOf(path)!, StringComparer.Ordinal);

    private static string? Cut(string text, string end) => text.EndsWith(end, StringComparison.Ordinal) ? text[..^end.Length] : null;

    /// <summary>The file of the unit that a path belongs to, itself or of a drop-in that of its unit, and of an instance that of its template; none for what is of no unit.</summary>
    public static IEnumerable<string> FilesOf(string path) => UnitOf(path) is not { } unit ? [] : unit.Template is { } template ? [Folder + unit.Text, Folder + template.Text] : [Folder + unit.Text];

    private static string? FileOf(string path) => UnitOf(path) is { } unit ? Folder + unit.Text : null;

    private static UnitName? UnitOf(string path)
    {
        if (!path.StartsWith(Folder, StringComparison.Ordinal))
        {
            return null;
        }

        var name = path[Folder.Length..] switch
        {
            var rest when !rest.Contains('/', StringComparison.Ordinal) => rest,
            var rest when rest.Split('/') is [var folder, var file] && file.EndsWith(".conf", StringComparison.Ordinal) => Cut(folder, ".d"),
            _ => null,
        };
        return UnitName.TryParse(name, out var unit) ? unit : null;
    }

    // An instance without a main file of its own is there as long as its template is.
    private static bool Exists(SystemFiles side, SystemFiles other, UnitName unit) => side.Entries.TryGetValue(Folder + unit.Text, out var entry)
        ? !entry.IsMask
        : IsAlike(side, other, unit) || (unit.Template is { } template && Exists(side, other, template));

    // An entry is told only where the other side has another. Where neither has one, only drop-ins differ, and the unit is in both.
    private static bool IsAlike(SystemFiles side, SystemFiles other, UnitName unit) => !other.Entries.ContainsKey(Folder + unit.Text) && side.Texts.ContainsKey(Folder + unit.Text);

    private static UnitFile? Read(SystemFiles side, ILookup<string, string> dropIns, UnitName unit) => Texts(side, dropIns, unit).ToList() is { Count: > 0 } texts && texts.TrueForAll(text => text is not null) ? UnitFile.Parse(texts!) : null;

    private static string? Joined(SystemFiles side, ILookup<string, string> dropIns, UnitName unit)
    {
        var texts = Texts(side, dropIns, unit).ToList();
        return texts.Contains(null) ? null : string.Join('\n', texts);
    }

    // systemd.unit(5): an instance has the file and the drop-ins of its template, and then its own drop-ins.
    private static IEnumerable<string?> Texts(SystemFiles side, ILookup<string, string> dropIns, UnitName unit)
    {
        var main = Folder + unit.Text;
        if (side.Texts.TryGetValue(main, out var text))
        {
            yield return text.Text;
        }
        else if (unit.Template is { } template)
        {
            foreach (var inherited in Texts(side, dropIns, template))
            {
                yield return inherited;
            }
        }

        foreach (var path in dropIns[main])
        {
            yield return side.Texts[path].Text;
        }
    }
}
