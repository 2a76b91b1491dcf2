using OsModa.Core.Ssh;
using OsModa.Demo.Machines;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Life;

/// <summary>What had befallen some of the named servers before the start.</summary>
internal static class Pasts
{
    private const long Hour = 3_600_000_000;

    public static ServerPlan Of(ServerPlan plan, Random random) => plan.Name switch
    {
        "web2" => plan with { Trips = (PastForms.Compressed, PastForms.Courier) },
        "web3" => ConfigurationBroke(plan, "nginx.service", random),
        "scribe-eu" => plan with { Unchained = "shell_exec" },
        "web5" => WaitsForRestart(plan),
        "ledger-us" => SwitchedByHand(plan, random),
        "lab4" => plan with { Fault = new ConnectionFault(ConnectionFaultKind.NameUnknown, "No address is known for lab4.kelp.example. Check its name, or enter its IP address.") },
        _ => plan,
    };

    /// <summary>Two hours ago somebody changed a unit's configuration, and it has not started since.</summary>
    private static ServerPlan ConfigurationBroke(ServerPlan plan, string unit, Random random)
    {
        var newest = plan.History[^1];
        var broken = History.Edited(newest.System.Plan, unit, random) with { Defects = newest.System.Plan.Defects.SetItem(unit, Defect.Fails) };
        return plan with { History = [.. plan.History.Skip(1), new DemoGeneration(newest.Number + 1, new DemoSystem(newest.System.Release, broken), -2 * Hour)] };
    }

    /// <summary>It has run on through the update that brought a new kernel.</summary>
    private static ServerPlan WaitsForRestart(ServerPlan plan)
    {
        var before = plan.History.Last(g => plan.History[^1].System.NeedsRebootAfter(g.System));
        return plan with { Booted = before.System, BootedAt = before.SetAt + (Hour / 10) };
    }

    /// <summary>Somebody on the server tried another sshd configuration with <c>nixos-rebuild test</c>, and left it at that.</summary>
    private static ServerPlan SwitchedByHand(ServerPlan plan, Random random)
    {
        var newest = plan.History[^1].System;
        return plan with { Current = new DemoSystem(newest.Release, History.Edited(newest.Plan, "sshd.service", random) with { Revision = "" }) };
    }
}
