using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>A unit in two systems, with what its texts name there.</summary>
internal sealed class UnitSides
{
    public UnitSides(SystemDifference difference, UnitName unit)
    {
        var files = new UnitFiles(difference.FromFiles, difference.ToFiles);
        var file = unit.Template is { } template && !files.Changed.Contains(unit) && !files.HasMainFile(unit) ? template : unit;
        (Unit, File, OldText, NewText) = (unit, file, files.OldText(file), files.NewText(file));
        Changed = files.Changed.Contains(file);
        (Old, New) = (UnitFile.Parse(OldText is null ? [] : [OldText]), UnitFile.Parse(NewText is null ? [] : [NewText]));
        (OldNames, NewNames) = (new NamedThings(difference.FromFiles, OldText), new NamedThings(difference.ToFiles, NewText));
    }

    public UnitName Unit { get; }

    /// <summary>The unit whose file it has: itself, or its template.</summary>
    public UnitName File { get; }

    /// <summary>Its file or a drop-in of it is not the same.</summary>
    public bool Changed { get; }

    /// <summary>Null when the system has no such unit, or it was not read.</summary>
    public string? OldText { get; }

    public string? NewText { get; }

    public UnitFile Old { get; }

    public UnitFile New { get; }

    public NamedThings OldNames { get; }

    public NamedThings NewNames { get; }
}
