using OsModa.Core.Nix;

namespace OsModa.Core.Observation;

/// <summary>
/// Switches on the server: ours tell of themselves in a journal; those of others are seen by the unit that nixos-rebuild runs in, by
/// the lock, and by what switch-to-configuration writes into the system's journal.
/// </summary>
internal static class SwitchReducer
{
    private const string SwitchUnit = "nixos-rebuild-switch-to-configuration.service";
    private const string OurDescription = "osModa operation ";
    private const string Begins = "switching to system configuration ";
    private const string Ends = "finished switching to system configuration ";

    // The links are compared five times a second, so the last change of a switch of ours may be seen after its end.
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(5);

    public static bool OursRuns(ServerState state) => state.Switch is { Operation: not null, Outcome: null };

    /// <summary>A pin that has moved to this system was moved by a switch of ours, on its way there or back.</summary>
    public static bool IsOurs(ServerState state, StorePath target, DateTimeOffset at) =>
        state.Switch is { Operation: not null } ours && (ours.Target == target || ours.From == target) && (ours.Outcome is null || (state.SwitchEndedAt is { } ended && at - ended < Afterwards));

    /// <summary>The state with the progress of a switch of ours after one more line of its journal.</summary>
    public static ServerState Followed(ServerState state, SwitchProgress? progress, DateTimeOffset at)
    {
        if (ReferenceEquals(progress, state.Switch))
        {
            return state;
        }

        // The journal is told again on each connect: an end that is known is not news.
        var ends = progress?.Outcome is not null && state.Switch?.Outcome is null;
        return state with { Switch = progress, SwitchEndedAt = ends ? at : state.SwitchEndedAt };
    }

    public static ServerState Locked(ServerState state, bool held, DateTimeOffset at)
    {
        if (state.SwitchLocked == held)
        {
            return state;
        }

        var after = state with { SwitchLocked = held };
        return held ? JustEnded(after, at) ? after : Begun(after, null) : IsRunning(after) ? after : ForeignEnded(after, null, at);
    }

    public static ServerState UnitTold(ServerState state, UnitState? before, UnitState after, DateTimeOffset at)
    {
        if (after.Name.Text != SwitchUnit)
        {
            return state;
        }

        // Ours tells of itself, and its unit lingers a moment when all is told.
        if (after.Description.StartsWith(OurDescription, StringComparison.Ordinal))
        {
            return state;
        }

        var runs = Runs(after);
        return runs && (before is null || !Runs(before)) ? Begun(state, null)
            : runs ? state
            : ForeignEnded(state, after.Result is "success" or "" ? null : after.ExitStatus, at);
    }

    public static ServerState UnitGone(ServerState state, UnitState before, DateTimeOffset at) =>
        before.Name.Text == SwitchUnit ? ForeignEnded(state, null, at) : state;

    /// <summary>What switch-to-configuration says of itself: its words come up to half a second late.</summary>
    public static ServerState Said(ServerState state, JournalWords words, DateTimeOffset at)
    {
        if (words.Identifier != "nixos")
        {
            return state;
        }

        if (words.Text.StartsWith(Ends, StringComparison.Ordinal))
        {
            return state.SwitchLocked || IsRunning(state) ? state : ForeignEnded(state, null, at);
        }

        if (!words.Text.StartsWith(Begins, StringComparison.Ordinal))
        {
            return state;
        }

        var rest = words.Text[Begins.Length..];
        var space = rest.IndexOf(' ', StringComparison.Ordinal);
        StorePath? target = StorePath.TryParse(space < 0 ? rest : rest[..space], out var path) ? path : null;
        return space < 0
            ? state.SwitchLocked || IsRunning(state) ? Begun(state, target) : state
            : ForeignEnded(Begun(state, target), StatusIn(rest), at);
    }

    // The lock is looked at five times a second: that one of ours held it may be told after its end. Whoever takes it then says so in the journal, too.
    private static bool JustEnded(ServerState state, DateTimeOffset at) =>
        state.Switch is { Operation: not null, Outcome: not null } && state.SwitchEndedAt is { } ended && at - ended < Afterwards;

    private static bool Runs(UnitState unit) => unit.Activity is UnitActivity.Active or UnitActivity.Activating or UnitActivity.Deactivating or UnitActivity.Reloading;

    private static bool IsRunning(ServerState state) => UnitName.TryParse(SwitchUnit, out var name) && state.Units.TryGetValue(name, out var unit) && Runs(unit);

    // Ours is told by its own journal, so only a switch that nobody tells of is begun here.
    private static ServerState Begun(ServerState state, StorePath? target) => state.Switch switch
    {
        { Operation: not null, Outcome: null } => state,
        { Operation: null, Outcome: null } foreign => target is null || foreign.Target == target ? state : state with { Switch = foreign with { Target = target } },
        _ => state with { Switch = new SwitchProgress(null, target, [], []) },
    };

    // A foreign switch that went well leaves no trace but the pins it moved; one that failed stays, with its status.
    private static ServerState ForeignEnded(ServerState state, int? failedWith, DateTimeOffset at) => state.Switch switch
    {
        { Operation: null, Outcome: null } => state with
        {
            Switch = failedWith is null ? null : state.Switch with { Outcome = new SwitchOutcome(SwitchVerdict.Failed, failedWith, $"The switch program ended with status {failedWith}.") },
            SwitchEndedAt = at,
        },
        _ => state,
    };

    // "… failed (status 4)"
    private static int? StatusIn(string text)
    {
        var at = text.LastIndexOf("(status ", StringComparison.Ordinal);
        var digits = at < 0 ? "" : text[(at + 8)..].TrimEnd(')');
        return digits.Length is > 0 and < 6 && int.TryParse(digits, System.Globalization.NumberStyles.None, null, out var status) ? status : 1;
    }
}
