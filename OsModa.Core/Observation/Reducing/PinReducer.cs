using OsModa.Core.Nix;

namespace OsModa.Core.Observation;

/// <summary>What a change of the three systems means to people.</summary>
internal static class PinReducer
{
    public static ServerState Told(ServerState state, SystemPins pins, DateTimeOffset at)
    {
        if (state.Pins == pins)
        {
            return state;
        }

        var after = state with { Pins = pins };
        if (state.Pins is not { } before)
        {
            return after;
        }

        var from = NumberOf(state, before, before.Current);
        if (pins.Current is { } current && current != before.Current)
        {
            var number = NumberOf(state, pins, current);
            var kind = number < from ? ChangeKind.RolledBackTo : ChangeKind.SwitchedTo;
            return after with { LastChange = new LastChange(at, kind, number?.ToString() ?? current.ShortHash, SwitchReducer.IsOurs(state, current, at)) };
        }

        if (pins.NextBoot is { } next && (next != before.NextBoot || pins.NextBootNumber != before.NextBootNumber))
        {
            // The end of a switch that went to the running system first is no news of its own.
            var completes = next == pins.Current && SwitchReducer.IsOurs(state, next, at);
            return completes ? after : after with { LastChange = new LastChange(at, ChangeKind.NextBootSet, pins.NextBootNumber?.ToString() ?? next.ShortHash, SwitchReducer.IsOurs(state, next, at)) };
        }

        return after;
    }

    // Two generations may be one system: the profile's own number wins, then the newest.
    private static int? NumberOf(ServerState state, SystemPins pins, StorePath? system)
    {
        if (system is null)
        {
            return null;
        }

        if (pins.NextBoot == system && pins.NextBootNumber is { } number)
        {
            return number;
        }

        foreach (var generation in state.Generations)
        {
            if (generation.System == system)
            {
                return generation.Number;
            }
        }

        return null;
    }
}
