namespace OsModa.Core.Observation;

/// <summary>What happened to a server while nobody looked, as far as a snapshot shows it: the newest thing is news, if nothing newer is known.</summary>
internal static class EarlierNews
{
    public static ServerState Found(ServerState state)
    {
        var newest = state.LastChange;
        foreach (var generation in state.Generations)
        {
            if (generation.GoneAt is null && generation.System == state.Pins?.Current && generation.ActivatedAt > Known(newest))
            {
                newest = new LastChange(generation.ActivatedAt, ChangeKind.SwitchedTo, generation.Number.ToString(), Ours: false);
            }
        }

        foreach (var (name, unit) in state.Units)
        {
            if (unit is { Health: UnitHealth.Failed, ChangedAt: { } failed } && failed > Known(newest))
            {
                newest = new LastChange(failed, ChangeKind.UnitFailed, name.Short, Ours: false);
            }
        }

        return newest == state.LastChange ? state : state with { LastChange = newest };
    }

    private static DateTimeOffset Known(LastChange? change) => change?.At ?? DateTimeOffset.MinValue;
}
