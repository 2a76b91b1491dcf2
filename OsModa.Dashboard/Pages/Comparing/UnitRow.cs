using OsModa.Core.Comparison;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>A unit and what happens to it.</summary>
/// <param name="Unit">Which.</param>
/// <param name="Fate">What happens.</param>
/// <param name="Change">How its file changes; null when it does not.</param>
/// <param name="Agent">The agent that it is; null when it is none.</param>
public sealed record UnitRow(UnitName Unit, UnitFate Fate, UnitFileChange? Change, string? Agent);
