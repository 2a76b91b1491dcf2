using OsModa.Core.SafeSwitch;

namespace OsModa.Dashboard.Pages.Comparing;

/// <summary>How far the server's own dry run of a switch is.</summary>
/// <param name="Runs">The server works on it.</param>
/// <param name="Units">What it said; null without one, or when nothing came of it.</param>
public readonly record struct DryRun(bool Runs, UnitEffects? Units);
