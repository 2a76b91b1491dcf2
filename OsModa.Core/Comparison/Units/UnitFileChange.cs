using OsModa.Core.Comparison.Texts;
using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>A unit that came, went or changed.</summary>
/// <param name="Unit">Its name; of a template, such as <c>getty@.service</c>, that of the template.</param>
/// <param name="Old">Its file with its drop-ins, as one text; null when it is new.</param>
/// <param name="New">The same of the other side; null when it is gone.</param>
public sealed record UnitFileChange(UnitName Unit, string? Old, string? New)
{
    /// <summary>The same settings with programs that were built anew.</summary>
    public bool IsRebuilt { get; } = Old is not null && New is not null && HashMark.Without(Old) == HashMark.Without(New);

    /// <summary>The agent that it is; null when it is none.</summary>
    public string? Agent { get; init; }

    /// <summary>What its settings ask for; None also where one side is missing.</summary>
    public UnitDifference Difference { get; init; }

    /// <summary>Names of running units that this is about: the unit itself, or the instances of a template.</summary>
    public IReadOnlyList<UnitName> Running { get; init; } = [];

    /// <summary>What the switch will do, by the rules.</summary>
    public UnitFate Fate { get; init; }

    /// <summary>Why, where it is not plain.</summary>
    public string Why { get; init; } = "";
}
