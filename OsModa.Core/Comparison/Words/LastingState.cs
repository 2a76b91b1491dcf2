using System.Collections.Immutable;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>What a unit has outside the system: going back does not bring it back.</summary>
/// <param name="Unit">Which unit.</param>
/// <param name="What">A sentence.</param>
/// <param name="Serious">The older program may not be able to read it.</param>
public sealed record LastingState(UnitName Unit, string What, bool Serious)
{
    // Databases convert their files from one major version to the next, and none converts them back.
    private static readonly (string Program, int VersionParts)[] Databases =
        [("postgresql", 1), ("mysql", 2), ("mariadb", 2), ("mongodb", 2), ("elasticsearch", 1), ("opensearch", 1), ("influxdb", 1), ("redis", 1), ("valkey", 1), ("clickhouse", 2), ("couchdb", 1), ("neo4j", 1), ("etcd", 2)];

    internal static ImmutableArray<LastingState> Find(IEnumerable<UnitFileChange> units) =>
        [.. units.Where(unit => unit is { Old: not null, New: not null, Fate: not UnitFate.Untouched } && unit.Unit.Text.EndsWith(".service", StringComparison.Ordinal)).Select(Of).OfType<LastingState>()];

    private static LastingState? Of(UnitFileChange change)
    {
        var (old, @new) = (UnitFile.Parse([change.Old!]), UnitFile.Parse([change.New!]));
        foreach (var (program, parts) in Databases)
        {
            var (before, after) = (VersionOf(old, program, parts), VersionOf(@new, program, parts));
            if (before is not null && after is not null && before != after)
            {
                return new LastingState(change.Unit, $"{change.Unit.Short} goes from {program} {before} to {after}: its data is written by {before}, and is not converted by the switch. See that there is a dump.", Serious: true);
            }
        }

        return change.Agent is { } agent
            ? new LastingState(change.Unit, $"What the agent {agent} has learned, written and sent stays as it is.", Serious: false)
            : @new.Values("Service", "StateDirectory") is [.., var folder] && folder.Length > 0
                ? new LastingState(change.Unit, $"{change.Unit.Short} keeps its data in /var/lib/{folder.Split(' ')[0]}, which stays as it is.", Serious: false)
                : null;
    }

    private static string? VersionOf(UnitFile unit, string program, int parts)
    {
        foreach (var value in unit.Values("Service", "ExecStart").Concat(unit.Values("Service", "ExecStartPre")).Concat(unit.Values("Service", "Environment")))
        {
            foreach (var path in StorePathNames.In(value))
            {
                if (StoreName.Of(path) is { Version.IsEmpty: false } name && (name.Name.SequenceEqual(program) || name.Name.StartsWith(program + "-", StringComparison.Ordinal)))
                {
                    return string.Join('.', name.Version.ToString().Split('.').Take(parts));
                }
            }
        }

        return null;
    }
}
