using OsModa.Core.Observation;

namespace OsModa.Dashboard.Live;

/// <summary>The times of a switch that people wait for, by our clock; the server's own clock may be off by what was measured of it.</summary>
public static class Probation
{
    extension(ServerState state)
    {
        /// <summary>A switch whose target runs and is watched, not decided yet.</summary>
        public bool IsOnProbation => state is { Reach: Reach.Live, Switch: { Outcome: null, Decision: null } progress } && Activated(progress) is not null;

        /// <summary>When the time on probation is over; null when there is none.</summary>
        public DateTimeOffset? ProbationEnds => state.IsOnProbation && state.Switch is { Probation.Ticks: > 0 } progress ? At(state, progress, progress.Probation) : null;

        /// <summary>Until when our confirmation has to come; null when none is waited for.</summary>
        public DateTimeOffset? ConfirmBy => state.IsOnProbation && state.Switch is { Confirm.Ticks: > 0, ConfirmedAt: null } progress ? At(state, progress, progress.Confirm) : null;
    }

    /// <summary>When the activation ended; null before that.</summary>
    private static TimeSpan? Activated(SwitchProgress progress) =>
        progress.Stages.FirstOrDefault(stage => stage.Name == "probation")?.From ?? progress.Stages.FirstOrDefault(stage => stage.Name == "activate")?.Until;

    private static DateTimeOffset? At(ServerState state, SwitchProgress progress, TimeSpan after) =>
        progress.StartedAt - (state.Load?.ClockSkew ?? TimeSpan.Zero) + Activated(progress) + after;
}
