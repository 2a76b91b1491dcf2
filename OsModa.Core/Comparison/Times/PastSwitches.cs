using System.Collections.Immutable;
using OsModa.Core.Observation;
using OsModa.Core.Operations;

namespace OsModa.Core.Comparison;

/// <summary>Switches of one server that went well: how long they took, and which units they touched.</summary>
public sealed class PastSwitches
{
    // An odd number, so that the one in the middle did happen.
    private const int Nearest = 3;

    // From this likeness on, most of what is touched was touched then, too.
    private const double Alike = 0.5;

    private static readonly string[] Lines =
        ["stopping the following units: ", "restarting the following units: ", "reloading the following units: ", "starting the following units: "];

    private readonly ImmutableArray<(TimeSpan Took, ImmutableHashSet<UnitName> Units)> _switches;

    private PastSwitches(ImmutableArray<(TimeSpan, ImmutableHashSet<UnitName>)> switches) => _switches = switches;

    /// <summary>Nothing is known.</summary>
    public static PastSwitches None { get; } = new([]);

    /// <param name="operations">Of one server, the newest first; those that tell nothing about time are left out.</param>
    public static PastSwitches Of(IEnumerable<Operation> operations) =>
        new([.. operations.Where(o => o is { State: OperationState.Verified, Took: not null, OnlyNextBoot: false }).Select(o => (o.Took!.Value, Touched(o.Output)))]);

    /// <summary>The median of those three that touched most nearly the same units, the newer first; null when there was none.</summary>
    public SwitchTime? Likely(Forecast forecast)
    {
        var touched = forecast.With(UnitFate.Stop, UnitFate.StopAndStart, UnitFate.StopUntilAsked, UnitFate.Restart, UnitFate.Reload, UnitFate.Start).ToImmutableHashSet();
        var nearest = _switches.Select(one => (one.Took, Likeness: Likeness(one.Units, touched))).OrderByDescending(one => one.Likeness).Take(Nearest).ToList();
        return nearest.Count == 0
            ? null
            : new SwitchTime(nearest.Select(one => one.Took).Order().ElementAt(nearest.Count / 2), nearest.TrueForAll(one => one.Likeness >= Alike));
    }

    // Jaccard's index: units of both, of all units of either.
    private static double Likeness(ImmutableHashSet<UnitName> one, ImmutableHashSet<UnitName> other)
    {
        var both = one.Count(other.Contains);
        return one.Count + other.Count == 0 ? 1 : (double)both / (one.Count + other.Count - both);
    }

    private static ImmutableHashSet<UnitName> Touched(string output) =>
    [
        .. from line in output.Split('\n')
           from words in Lines
           where line.StartsWith(words, StringComparison.Ordinal)
           from name in line[words.Length..].Split(", ", StringSplitOptions.TrimEntries)
           where UnitName.TryParse(name, out _)
           select UnitName.Parse(name),
    ];
}

/// <summary>How long a switch is likely to take on its server.</summary>
/// <param name="Took">What switches took before.</param>
/// <param name="Alike">Those touched most of the units that this one touches, and few others.</param>
public sealed record SwitchTime(TimeSpan Took, bool Alike);
