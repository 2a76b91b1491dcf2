using OsModa.Core.Observation;

namespace OsModa.Core.SafeSwitch;

/// <summary>How fast a server undid a bad change, by its own monotonic clock. Each time counts from the moment at which the trouble happened, by systemd's timestamp of it.</summary>
/// <param name="Noticed">The server saw it.</param>
/// <param name="Decided">It decided to go back.</param>
/// <param name="SwitchedBack">The old system's switch program had ended.</param>
/// <param name="Verified">The old system ran, and the unit in trouble was well again.</param>
public sealed record RecoveryTimes(TimeSpan Noticed, TimeSpan Decided, TimeSpan SwitchedBack, TimeSpan Verified)
{
    /// <summary>Null when it did not go back, or not wholly.</summary>
    public static RecoveryTimes? From(SwitchProgress progress)
    {
        var undid = progress.Undoes is not null;
        if (progress.Outcome?.Verdict != (undid ? SwitchVerdict.Verified : SwitchVerdict.RolledBack)
            || progress.Decision is not { } decision || Cause(progress, decision) is not { } cause
            || End(progress, undid ? "activate" : "back") is not { } back || (End(progress, "recheck") ?? (undid ? End(progress, "probation") : null)) is not { } verified)
        {
            return null;
        }

        // What goes wrong after a good decision, as the boot loader, needs no second one.
        return new(After(cause.Noticed), After(decision.Good ? cause.Noticed : decision.At), After(back), After(verified));

        TimeSpan After(TimeSpan at) => at > cause.Since ? at - cause.Since : TimeSpan.Zero;
    }

    // What was decided on may have been seen more than once, as two crashes of one unit: the first counts.
    private static SwitchTrouble? Cause(SwitchProgress progress, SwitchDecision decision) =>
        progress.Trouble.FirstOrDefault(t => t.Unit == decision.Unit) ?? progress.Trouble.FirstOrDefault();

    private static TimeSpan? End(SwitchProgress progress, string stage) => progress.Stages.FirstOrDefault(s => s.Name == stage)?.Until;
}
