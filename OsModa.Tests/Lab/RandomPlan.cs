using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;

namespace OsModa.Tests.Lab;

/// <summary>How a random switch is watched, and whether anybody confirms it when asked.</summary>
internal sealed record RandomPlan(string Name, SwitchPlan Plan, bool IsConfirmed)
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(4), Confirmed = TimeSpan.FromSeconds(8), Standing = TimeSpan.FromSeconds(15);

    private static readonly (string Name, SwitchPlan Plan)[] Kinds =
    [
        ("on probation", new SwitchPlan { Probation = Watched }),
        ("to be confirmed", new SwitchPlan { Probation = Watched, Confirm = Confirmed }),
        ("the default at once", new SwitchPlan { Probation = Watched, CommitEarly = true }),
        ("by hand", new SwitchPlan { CommitEarly = true, Stand = Standing }),
        ("by hand, to be confirmed", new SwitchPlan { CommitEarly = true, Stand = Standing, StandConfirm = Confirmed }),
    ];

    /// <summary>Somebody is asked whether the server is still reached.</summary>
    public bool IsAsked => Plan.Confirm > TimeSpan.Zero || (Plan.Stand > TimeSpan.Zero && Plan.StandConfirm > TimeSpan.Zero);

    public static RandomPlan Of(Random random, SwitchMode mode)
    {
        // By hand nothing is watched before it stands, and after a restart it does not stand.
        var (name, plan) = Kinds[random.Next(mode == SwitchMode.Restart ? 2 : Kinds.Length)];
        return new RandomPlan(name, plan.ToOrder(mode, isFloor: false, DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(1L << 40))), random.Next(4) != 0);
    }
}
