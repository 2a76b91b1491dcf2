using OsModa.Core.Observation;

namespace OsModa.Dashboard.Live;

/// <summary>A message of <see cref="FleetHub"/>.</summary>
/// <param name="IsWhole">These are all servers; false: only those that are new or have changed.</param>
/// <param name="Servers">Whole entries, worst first; each takes the place of the one with the same id.</param>
/// <param name="Gone">Ids of servers that are not in the list any more.</param>
public sealed record FleetUpdate(bool IsWhole, IReadOnlyList<FleetEntry> Servers, IReadOnlyList<Guid> Gone)
{
    public static FleetUpdate Whole(FleetView view) => new(true, [.. view.Rows.Select(FleetEntry.Of)], []);

    /// <summary>Null when nothing has changed.</summary>
    public static FleetUpdate? Between(FleetView before, FleetView now)
    {
        var known = before.Rows.ToDictionary(row => row.Server.Id);
        var changed = new List<FleetEntry>();
        foreach (var row in now.Rows)
        {
            if (!known.Remove(row.Server.Id, out var old) || !ReferenceEquals(old, row))
            {
                changed.Add(FleetEntry.Of(row));
            }
        }

        return changed.Count == 0 && known.Count == 0 ? null : new(false, changed, [.. known.Keys.Select(id => id.Value)]);
    }
}

/// <summary>One server for programs. Times are ISO 8601 with their zone, sizes bytes; null is "unknown".</summary>
public sealed record FleetEntry
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>failed, crash-loop, switching, stale, unknown, drifted or healthy.</summary>
    public required string State { get; init; }

    /// <summary>Why it is not watched now, in one sentence.</summary>
    public string? Fault { get; init; }

    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>Number of the generation that runs; null also when the running system is none.</summary>
    public int? Generation { get; init; }

    /// <summary>Store path of the running system.</summary>
    public string? System { get; init; }

    /// <summary>Number of the generation that the next boot brings.</summary>
    public int? NextBoot { get; init; }

    public bool? RebootNeeded { get; init; }

    public required int AgentsRunning { get; init; }

    public required int Agents { get; init; }

    public double? Load { get; init; }

    public int? Cores { get; init; }

    public long? MemoryBytes { get; init; }

    public long? MemoryAvailableBytes { get; init; }

    public long? DiskBytes { get; init; }

    public long? DiskFreeBytes { get; init; }

    /// <summary>How the server's own chain stood when it was last read, a name of <see cref="OsModa.Core.Ledger.Chains.ChainStatus"/>; null when it keeps none, or it was not read yet.</summary>
    public string? Ledger { get; init; }

    public FleetChange? LastChange { get; init; }

    public static FleetEntry Of(FleetRow row)
    {
        var state = row.State;
        return new()
        {
            Id = row.Server.Id.Value,
            Name = row.Server.Name,
            Tags = row.Server.Tags,
            State = FleetFilter.WordOf(row.Health),
            Fault = state.Reach == Reach.Live ? null : state.Fault?.Detail,
            HeardAt = state.HeardAt,
            Generation = row.Current?.Number,
            System = state.Pins?.Current?.Text,
            NextBoot = state.NextBoot?.Number,
            RebootNeeded = state.Pins?.RebootNeeded,
            AgentsRunning = row.Agents.Healthy,
            Agents = row.Agents.Total,
            Load = state.Load?.Load1,
            Cores = state.Host?.Cores,
            MemoryBytes = state.Load?.MemoryTotalBytes,
            MemoryAvailableBytes = state.Load?.MemoryAvailableBytes,
            DiskBytes = state.Load?.DiskTotalBytes,
            DiskFreeBytes = state.Load?.DiskFreeBytes,
            Ledger = state.Chain?.Status.ToString(),
            LastChange = state.LastChange is { } change ? new FleetChange(change.At, change.What.ToString(), change.Subject, change.Ours) : null,
        };
    }
}

/// <summary>The newest thing worth a sentence.</summary>
/// <param name="At">When, by the dashboard's clock.</param>
/// <param name="What">SwitchedTo, RolledBackTo, UnitFailed, UnitCrashLoop, UnitRecovered, Rebooted, NextBootSet or Added.</param>
/// <param name="Subject">Unit or generation that it is about.</param>
/// <param name="Ours">Made through this dashboard.</param>
public sealed record FleetChange(DateTimeOffset At, string What, string Subject, bool Ours);
