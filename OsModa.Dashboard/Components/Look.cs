using OsModa.Core.Observation;
using OsModa.Core.Operations;

namespace OsModa.Dashboard.Components;

/// <summary>How a state looks and what it is called; the same in tables, timelines, favicon and title.</summary>
/// <param name="Shape">Id of the shape in the sprite.</param>
/// <param name="Tone">Class that colours it.</param>
/// <param name="Word">What people read.</param>
public sealed record Look(string Shape, string Tone, string Word)
{
    public static Look Healthy { get; } = new("healthy", "healthy", "healthy");

    public static Look RolledBack { get; } = new("rolled-back", "rolled-back", "rolled back");

    public static Look OnProbation { get; } = new("probation", "probation", "on probation");

    public static Look Unknown { get; } = new("unknown", "unknown", "unknown");

    /// <summary>What is known of it is old.</summary>
    public static Look Stale { get; } = new("unknown", "stale", "stale");

    public static Look Gone { get; } = new("gone", "gone", "gone");

    /// <summary>Somebody did it without this dashboard: seen, and verified by nobody.</summary>
    public static Look FromOutside { get; } = new("warning", "warning", "from outside");

    public static Look Waiting { get; } = new("waiting", "waiting", "waits");

    public static Look Of(ServerHealth health) => health switch
    {
        ServerHealth.Healthy => Healthy,
        ServerHealth.Failed => new("failed", "failed", "failed"),
        ServerHealth.CrashLoop => new("failed", "failed", "crash loop"),
        ServerHealth.Switching => new("probation", "probation", "switching"),
        ServerHealth.Stale => Stale,
        ServerHealth.Drifted => new("warning", "warning", "drifted"),
        _ => Unknown,
    };

    /// <summary>Of a server that is not heard nothing is called running: what it last said may hold no more.</summary>
    public static Look Of(UnitState unit, Reach reach) => reach == Reach.Live ? Of(unit) : Stale;

    /// <summary>The same in words, of what it last said: "was running".</summary>
    public static string Was(UnitState unit) => unit.Health switch
    {
        UnitHealth.Failed => "had failed",
        UnitHealth.CrashLoop => "was in a crash loop",
        _ => $"was {Of(unit).Word}",
    };

    public static Look Of(UnitState unit) => unit.Health switch
    {
        UnitHealth.Healthy => new("healthy", "healthy", unit.Sub.Length > 0 ? unit.Sub : "active"),
        UnitHealth.Failed => new("failed", "failed", "failed"),
        UnitHealth.CrashLoop => new("failed", "failed", "crash loop"),
        UnitHealth.Changing => new("probation", "probation", unit.Activity switch
        {
            UnitActivity.Deactivating => "stopping",
            UnitActivity.Reloading => "reloading",
            _ => "starting",
        }),
        UnitHealth.Resting => new("waiting", "waiting", unit.Sub is "exited" ? "exited" : "not running"),
        _ => Unknown,
    };

    public static Look Of(Operation operation) => operation.Kind == OperationKind.Elsewhere ? FromOutside : Of(operation.State);

    public static Look Of(OperationState state) => state switch
    {
        OperationState.Verified => new("done", "healthy", "verified"),
        OperationState.Failed => new("failed", "failed", "failed"),
        OperationState.RolledBack => RolledBack,
        OperationState.Running => new("probation", "probation", "running"),
        OperationState.Intended => new("probation", "probation", "starting"),
        _ => Unknown,
    };
}
