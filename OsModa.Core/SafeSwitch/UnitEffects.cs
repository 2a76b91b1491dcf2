using System.Collections.Immutable;
using OsModa.Core.Observation;

namespace OsModa.Core.SafeSwitch;

/// <summary>What a switch does to units, as the switch program's dry run tells it.</summary>
public sealed record UnitEffects
{
    private const int MostUnits = 2000;

    private static readonly (string Words, Func<UnitEffects, ImmutableSortedSet<UnitName>, UnitEffects> Add)[] Lines =
    [
        ("would stop the following units: ", (e, units) => e with { Stopped = e.Stopped.Union(units) }),
        ("would start the following units: ", (e, units) => e with { Started = e.Started.Union(units) }),
        ("would restart the following units: ", (e, units) => e with { Restarted = e.Restarted.Union(units) }),
        ("would reload the following units: ", (e, units) => e with { Reloads = e.Reloads.Union(units) }),
        ("would NOT stop the following changed units: ", (e, units) => e with { LeftAlone = e.LeftAlone.Union(units) }),
        ("would NOT restart the following changed units: ", (e, units) => e with { LeftAlone = e.LeftAlone.Union(units) }),
    ];

    /// <summary>Down for good.</summary>
    public ImmutableSortedSet<UnitName> Stops => Stopped.Except(Started);

    /// <summary>Down and up again, with a moment in between.</summary>
    public ImmutableSortedSet<UnitName> Restarts => Restarted.Union(Stopped.Intersect(Started));

    /// <summary>Newly up.</summary>
    public ImmutableSortedSet<UnitName> Starts => Started.Except(Stopped);

    public ImmutableSortedSet<UnitName> Reloads { get; init; } = [];

    /// <summary>Changed, but meant to go on with the old definition.</summary>
    public ImmutableSortedSet<UnitName> LeftAlone { get; init; } = [];

    /// <summary>systemd itself is started again in place.</summary>
    public bool RestartsSystemd { get; init; }

    public bool None => Stopped.IsEmpty && Started.IsEmpty && Restarted.IsEmpty && Reloads.IsEmpty && LeftAlone.IsEmpty && !RestartsSystemd;

    private ImmutableSortedSet<UnitName> Stopped { get; init; } = [];

    private ImmutableSortedSet<UnitName> Started { get; init; } = [];

    private ImmutableSortedSet<UnitName> Restarted { get; init; } = [];

    /// <summary>With one more line of the dry run; lines of other meaning, and names that are none, change nothing.</summary>
    public UnitEffects With(string line)
    {
        if (line == "would restart systemd")
        {
            return this with { RestartsSystemd = true };
        }

        foreach (var (words, add) in Lines)
        {
            if (line.StartsWith(words, StringComparison.Ordinal))
            {
                var units = line[words.Length..].Split(", ", StringSplitOptions.TrimEntries).Take(MostUnits)
                    .Where(name => UnitName.TryParse(name, out _)).Select(UnitName.Parse).ToImmutableSortedSet();
                return add(this, units);
            }
        }

        return this;
    }
}
