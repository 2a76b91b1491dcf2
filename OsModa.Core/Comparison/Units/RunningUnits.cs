using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>Which units run on the system that is left: the switch program looks at no others.</summary>
public sealed class RunningUnits
{
    private readonly HashSet<UnitName>? _known;
    private readonly ILookup<UnitName, UnitName>? _instances;

    private RunningUnits(HashSet<UnitName>? known)
    {
        _known = known;
        _instances = known?.Where(unit => unit.Template is not null).ToLookup(unit => unit.Template!.Value);
    }

    /// <summary>Nobody knows, because the system that is left does not run: each unit is taken to run.</summary>
    public static RunningUnits All { get; } = new(null);

    /// <summary>Those of a server that runs the system.</summary>
    public static RunningUnits Of(IEnumerable<UnitState> units) =>
        new(units.Where(Runs).Select(unit => unit.Name).ToHashSet());

    /// <summary>For the switch program.</summary>
    public static bool Runs(UnitState unit) => unit.Activity is UnitActivity.Active or UnitActivity.Activating or UnitActivity.Reloading;

    /// <summary>False: it is a guess.</summary>
    public bool Known => _known is not null;

    public bool Runs(UnitName unit) => _known?.Contains(unit) ?? !IsTemplate(unit);

    /// <summary>The unit itself if it runs; of a template, its instances that run.</summary>
    public IReadOnlyList<UnitName> Behind(UnitName unit) => IsTemplate(unit)
        ? [.. _instances?[unit].Order() ?? Enumerable.Empty<UnitName>()]
        : Runs(unit) ? [unit] : [];

    private static bool IsTemplate(UnitName unit) => unit.Text.Contains("@.", StringComparison.Ordinal);
}
