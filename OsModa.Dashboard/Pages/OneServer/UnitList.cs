using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Pages.OneServer;

/// <summary>Which units a page shows; it stands in the address of the page.</summary>
public sealed record UnitFilter(UnitHealth? Health, string? Type, string Text)
{
    /// <summary>Words of the states in addresses, worst first.</summary>
    public static IReadOnlyList<(string Word, UnitHealth? Health)> Names { get; } =
    [
        ("failed", UnitHealth.Failed), ("crash-loop", UnitHealth.CrashLoop), ("changing", UnitHealth.Changing),
        ("unknown", UnitHealth.Unknown), ("running", UnitHealth.Healthy), ("resting", UnitHealth.Resting),
    ];

    /// <summary>From the address: what is not understood filters nothing.</summary>
    public static UnitFilter Parse(string? state, string? type, string? text) => new(
        Names.FirstOrDefault(name => name.Word == state).Health,
        string.IsNullOrWhiteSpace(type) ? null : type.Trim(),
        text?.Trim() ?? "");

    public bool Lets(UnitState unit) =>
        (Health is null || unit.Health == Health)
        && (Type is null || TypeOf(unit) == Type)
        && (Text.Length == 0 || unit.Name.Text.Contains(Text, StringComparison.OrdinalIgnoreCase) || unit.Description.Contains(Text, StringComparison.OrdinalIgnoreCase));

    /// <summary>Agents are a type of their own for people; for the others it is systemd's.</summary>
    public static string TypeOf(UnitState unit) => unit.Agent is not null ? "agent" : unit.Name.Text[(unit.Name.Text.LastIndexOf('.') + 1)..];
}

/// <summary>The due order of units: what needs a look, then agents, then by name; what rests comes last.</summary>
public static class UnitOrder
{
    public static ImmutableArray<UnitState> Of(IEnumerable<UnitState> units, UnitFilter filter)
    {
        var list = units.Where(filter.Lets).ToList();
        list.Sort(static (a, b) =>
        {
            var rank = Rank(a).CompareTo(Rank(b));
            return rank != 0 ? rank : a.Name.CompareTo(b.Name);
        });
        return [.. list];
    }

    /// <summary>After every rank there is.</summary>
    public const int LastRank = 6;

    /// <summary>From 0, what needs a look most, to <see cref="LastRank"/>; css/server.css has a class for each.</summary>
    public static int Rank(UnitState unit) => unit.Health switch
    {
        UnitHealth.Failed => 0,
        UnitHealth.CrashLoop => 1,
        UnitHealth.Changing => 2,
        UnitHealth.Unknown => 3,
        UnitHealth.Healthy => unit.Agent is not null ? 4 : 5,
        _ => LastRank,
    };
}
