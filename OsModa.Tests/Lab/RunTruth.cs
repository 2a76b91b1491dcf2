using OsModa.Core.Observation;

namespace OsModa.Tests.Lab;

/// <summary>What a server is after a random switch, against what its journals say.</summary>
/// <param name="IsGood">The target does the server no harm.</param>
/// <param name="Target">Number of the generation that was asked for.</param>
/// <param name="Runs">Of the one that runs.</param>
/// <param name="Boots">Of the default at next boot.</param>
/// <param name="IsWell">The agent is active.</param>
internal sealed record RunTruth(bool IsGood, RandomPlan Plan, RandomFault Fault, int Target, int Runs, int Boots, bool IsWell)
{
    private static readonly int Healthy = LabGenerations.Number("healthy");

    private bool MustGo => !IsGood || Plan is { IsAsked: true, IsConfirmed: false };

    // With the cable out nobody can confirm; it may have been done before.
    private bool MustStay => !MustGo && !Fault.Ends && !(Fault == RandomFault.CableIsPulled && Plan.IsAsked);

    /// <summary>How they lie, or null.</summary>
    /// <param name="first">The operation; null when it has no journal.</param>
    /// <param name="undo">The one that its standing watch began; null when there is none.</param>
    public string? Lie(SwitchProgress? first, SwitchProgress? undo) => undo is null ? LieOf(first) : LieOfUndo(undo);

    private string? LieOf(SwitchProgress? first) => first?.Outcome?.Verdict switch
    {
        SwitchVerdict.Verified when MustGo => "a false success",
        SwitchVerdict.Verified => Against("verified", Target) ?? Ill,
        SwitchVerdict.RolledBack when MustStay => "a false rollback",
        SwitchVerdict.RolledBack => Against("rolled back", Healthy) ?? Ill,
        SwitchVerdict.Failed when Fault != RandomFault.Nothing => Against("failed", Healthy),
        SwitchVerdict.Refused when Fault == RandomFault.BootIsFull => Against("refused", Healthy),
        // Then the boot menu cannot be put right either, and a person is told.
        SwitchVerdict.NeedsPerson when Fault == RandomFault.BootIsFull => Runs == Healthy || Runs == Target ? null : $"it runs {Runs}",
        // Between the profile and the boot loader the power may fail: then the page says that a person has to look.
        null when Fault.TakesItDown => Runs == Boots || ((Runs, Boots) == (Healthy, Target) && first?.Stages.LastOrDefault() is { Name: "commit", Until: null }) ? null : $"after the start it runs {Runs} and boots {Boots}",
        null => "it never ended",
        var other => $"ended as {other}",
    };

    private string? LieOfUndo(SwitchProgress undo) => undo.Outcome?.Verdict switch
    {
        _ when MustStay => "a false rollback by the standing watch",
        SwitchVerdict.Verified => Against("undone", Healthy) ?? Ill,
        SwitchVerdict.NeedsPerson when Fault == RandomFault.BootIsFull => Runs == Healthy ? null : $"a person is needed, and it runs {Runs}",
        null => "the standing watch began to undo it, and that never ended",
        var other => $"undone, and that ended as {other}",
    };

    private string? Ill => IsWell ? null : "it ended well, but the agent is not active";

    private string? Against(string word, int expected) => (Runs, Boots) == (expected, expected) ? null : $"{word}, but it runs {Runs} and boots {Boots}";
}
