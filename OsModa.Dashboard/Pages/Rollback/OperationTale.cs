using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Dashboard.Components;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Pages.Rollback;

/// <summary>Where an operation stands, put together from the row that we wrote and from what the server says live.</summary>
/// <param name="Row">What was asked for; its outcome once that is known.</param>
/// <param name="Progress">As the server tells it; from the row when it is over. Null before the first word.</param>
/// <param name="State">The server now.</param>
public sealed record OperationTale(Operation Row, SwitchProgress? Progress, ServerState State)
{
    public static OperationTale Of(Operation row, ServerState state) => new(row, state.Switch?.Operation == row.Id ? state.Switch : Kept(row), state);

    public bool Over => Row.Ended || Progress?.Outcome is not null;

    /// <summary>The server says so and observation agrees, or it was written down as such.</summary>
    public bool Verified => Row.State == OperationState.Verified
        || (!Row.Ended && Progress?.Outcome is { Verified: true } && State.Pins?.NextBoot?.Text == Row.TargetSystem && (Row.OnlyNextBoot || State.Pins.Current?.Text == Row.TargetSystem));

    /// <summary>It did not hold, and what ran before runs again.</summary>
    public bool WentBack => Row.State == OperationState.RolledBack || (!Row.Ended && Progress?.Outcome is { Verdict: SwitchVerdict.RolledBack } && State.Pins?.Current?.Text == Row.FromSystem);

    /// <summary>The server has decided against it, and is on its way back or there already.</summary>
    public bool GoesBack => Progress?.Decision is { Good: false };

    /// <summary>A person can still stop it.</summary>
    public bool MayStop => !Over && Progress is { Decision: null } progress && !Row.OnlyNextBoot && (!Row.ByRestart || progress.Stages.Any(stage => stage.Name == "probation")) && Row.Kind != OperationKind.StandingWatch && Row.FromSystem != Row.TargetSystem;

    /// <summary>Its probation is still on, but the next boot starts the target already.</summary>
    public bool StartsAlready => Row.ByRestart || (Progress?.Stages.Any(stage => stage is { Name: "commit", Until: not null, Failed: false }) ?? false);

    /// <summary>It waits for a person to keep it.</summary>
    public bool MayKeep => MayStop && Row is { Confirmer: Confirmer.Person, ConfirmedAt: null } && State.ConfirmBy is not null;

    /// <summary>Where it goes, or came from: number of the generation, or what it is.</summary>
    public string TargetWords => Row.TargetGeneration > 0 ? Row.TargetGeneration.ToString() : Row.Kind == OperationKind.Drill ? "the drill" : "the new system";

    private string FromWords => Row.FromGeneration is { } from ? from.ToString() : "what ran before";

    /// <summary>The generation that a way back ends on.</summary>
    public string BackOn => Row.Kind == OperationKind.StandingWatch ? TargetWords : FromWords;

    public SwitchVerdict? Verdict => Row.Verdict ?? Progress?.Outcome?.Verdict;

    private bool Forward => Row is { TargetGeneration: 0, Kind: OperationKind.Deploy } || Row.FromGeneration < Row.TargetGeneration;

    public string Title => (Over, Verified, Verdict) switch
    {
        _ when WentBack => Row.Kind == OperationKind.Drill ? $"Drill: back on {BackOn}" : $"Back on {BackOn}",
        (false, _, _) when GoesBack => $"Going back to {BackOn}",
        (false, _, _) when State.IsOnProbation && Progress?.Probation > TimeSpan.Zero => $"{Capital(TargetWords)} on probation",
        (false, _, _) when Row.Kind == OperationKind.Drill => "Drill",
        (false, _, _) when Row.ByRestart => $"Restarting into {TargetWords}",
        (false, _, _) => Row.OnlyNextBoot ? $"Making {TargetWords} the next boot" : Forward ? $"Going forward to {TargetWords}" : $"Going back to {TargetWords}",
        (_, true, _) => Row.OnlyNextBoot ? $"Next boot on {TargetWords}" : Forward ? $"Forward on {TargetWords}" : $"Back on {TargetWords}",
        (_, _, SwitchVerdict.Unhealthy) => $"On {TargetWords}, but not well",
        (_, _, SwitchVerdict.NeedsReboot) => $"{Capital(TargetWords)} needs a restart",
        (_, _, SwitchVerdict.Refused) => "Not started",
        (_, _, SwitchVerdict.Verified) => "Done, being looked at",
        _ => Row.State == OperationState.Failed ? Row.FromGeneration is { } from ? $"Still on {from}" : "Did not work" : "A person has to look",
    };

    public Look Look => (Over, Verified) switch
    {
        _ when WentBack => Look.RolledBack,
        (false, _) => new("probation", "probation", "running"),
        (_, true) => Row.Kind == OperationKind.Elsewhere ? Look.FromOutside : new("done", "healthy", "verified"),
        _ => Row.State == OperationState.Unknown ? Look.Unknown : new("failed", "failed", "failed"),
    };

    /// <summary>The server has come to something else since, so that what its outcome says is of then.</summary>
    public bool IsPast => Row.Ended && (Row.OnlyNextBoot ? State.Pins?.NextBoot : State.Pins?.Current)?.Text is { } now && Row.State switch
    {
        OperationState.Verified => now != Row.TargetSystem,
        OperationState.RolledBack => now != (Row.Kind == OperationKind.StandingWatch ? Row.TargetSystem : Row.FromSystem),
        _ => now != Row.TargetSystem && now != Row.FromSystem,
    };

    /// <summary>The generation to go to for undoing it, when it is still there.</summary>
    public Generation? Before => Row.FromGeneration is { } number && Row.FromSystem is { } system
        ? State.Generations.FirstOrDefault(g => g.Number == number && g.System.Text == system && g.GoneAt is null && State.Current?.Number != number)
        : null;

    private static SwitchProgress? Kept(Operation row)
    {
        if (!row.Ended || row.Kind == OperationKind.Elsewhere || !StorePath.TryParse(row.TargetSystem, out var target))
        {
            return null;
        }

        var stages = StageRecord.Read(row.Stages);
        return stages.IsEmpty ? null : WatchRecord.Read(row.Watched).AddTo(new SwitchProgress(row.Id, target, stages, [.. row.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)])
        {
            Generation = row.TargetGeneration,
            Mode = row.OnlyNextBoot ? SwitchMode.Boot : row.ByRestart ? SwitchMode.Restart : SwitchMode.Now,
            Outcome = new SwitchOutcome(row.Verdict ?? SwitchVerdict.NeedsPerson, null, row.Outcome) { Took = row.Took ?? stages[^1].Until ?? stages[^1].From },
        });
    }

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
