namespace OsModa.Core.Comparison.Packages;

/// <summary>All paths of one name, while a comparison gathers them.</summary>
internal sealed class PackageGroup(string name, ArtefactRule? rule)
{
    private HashSet<string>? _keptVersions;
    private HashSet<string>? _keptOutputs;

    public string Name => name;

    public ArtefactRule? Rule => rule;

    public List<PackagePath> From { get; } = [];

    public List<PackagePath> To { get; } = [];

    public IReadOnlyCollection<string> KeptVersions => _keptVersions ?? (IReadOnlyCollection<string>)[];

    public IReadOnlyCollection<string> KeptOutputs => _keptOutputs ?? (IReadOnlyCollection<string>)[];

    public bool SelectedFrom { get; set; }

    public bool SelectedTo { get; set; }

    public bool Differs => From.Count + To.Count > 0 || SelectedFrom != SelectedTo;

    public PackageSelection Selection => (SelectedFrom, SelectedTo) switch
    {
        (true, true) => PackageSelection.Selected,
        (false, true) => PackageSelection.NewlySelected,
        (true, false) => PackageSelection.NoLongerSelected,
        _ => PackageSelection.Dependency,
    };

    /// <summary>Notes a path that both closures have.</summary>
    public void Keep(ReadOnlySpan<char> version, string output)
    {
        (_keptVersions ??= []).GetAlternateLookup<ReadOnlySpan<char>>().Add(version);
        (_keptOutputs ??= []).Add(output);
    }

    /// <summary>A string for a version, the one that the path before has if it is the same: outputs of a package follow each other.</summary>
    public string VersionText(ReadOnlySpan<char> version)
    {
        var last = To.Count > 0 ? To[^1].Version : From.Count > 0 ? From[^1].Version : "";
        return version.SequenceEqual(last) ? last : version.ToString();
    }
}
