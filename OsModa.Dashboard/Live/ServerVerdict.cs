using OsModa.Core.Observation;

namespace OsModa.Dashboard.Live;

/// <summary>One word for a server, worst first.</summary>
public static class ServerVerdict
{
    public static ServerHealth Of(ServerState state)
    {
        switch (state.Reach)
        {
            case Reach.Never or Reach.Connecting when state.HeardAt is null:
                return ServerHealth.Unknown;
            case not Reach.Live:
                return state.HeardAt is null ? ServerHealth.Unknown : ServerHealth.Stale;
        }

        var worst = ServerHealth.Healthy;
        foreach (var unit in state.Units.Values)
        {
            if (unit.Health == UnitHealth.Failed)
            {
                return ServerHealth.Failed;
            }

            if (unit.Health == UnitHealth.CrashLoop)
            {
                worst = ServerHealth.CrashLoop;
            }
        }

        return state.Switch is { Outcome: null } && worst == ServerHealth.Healthy ? ServerHealth.Switching : worst;
    }
}
