using System.Collections.Immutable;
using System.Globalization;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Life;

/// <summary>Runs of SafeSwitch in the past weeks: deployments that held, some that the server took back by itself, and drills.</summary>
internal sealed class PastRuns(DemoServer server, Guid organisation, IReadOnlyList<(Guid Id, string Name)> people, Random random)
{
    private const long Day = 86_400_000_000;

    /// <summary>A deployment that went well and then ran without trouble.</summary>
    public Operation Held(DemoGeneration from, DemoGeneration to, PastRollout? of = null)
    {
        var (checks, armed, activate, probation, commit) = (Milliseconds(31, 58), Milliseconds(3, 6), Milliseconds(880, 1900), Milliseconds(10_020, 10_090), Milliseconds(90, 180));
        var stages = Stages(("preflight", checks, false), ("armed", armed, false), ("activate", activate, false), ("probation", probation, false), ("commit", commit, false));
        return Row(OperationKind.Deploy, from, to, to.SetAt, stages, OperationState.Verified, SwitchVerdict.Verified, $"The server runs generation {to.Number}, and a restart starts it.", of: of) is var row && to.SetAt < -Day
            ? Good(row)
            : row;
    }

    /// <summary>A deployment whose agent crashed, and that the server took back.</summary>
    public Operation TakenBack(DemoGeneration from, DemoGeneration to, string unit, PastRollout? of = null) => WentBack(OperationKind.Deploy, from, to.Number, to.System.Path.Text, to.SetAt, unit, of);

    /// <summary>A drill by a person.</summary>
    public Operation Drill(DemoGeneration on, long at) => WentBack(OperationKind.Drill, on, 0, $"/nix/store/{on.System.Path.Hash[..31]}d-{on.System.Path.Name}", at, "osmoda-drill.service");

    private static Operation Good(Operation row)
    {
        row.KnownGoodAt = row.FinishedAt + TimeSpan.FromHours(24);
        return row;
    }

    private Operation WentBack(OperationKind kind, DemoGeneration from, int number, string system, long at, string unit, PastRollout? of = null)
    {
        var (checks, armed, activate, back, recheck) = (Milliseconds(31, 58), Milliseconds(3, 6), Milliseconds(620, 980), Milliseconds(480, 1150), Milliseconds(90, 420));
        var stages = Stages(("preflight", checks, false), ("armed", armed, false), ("activate", activate, true), ("back", back, false), ("recheck", recheck, false));
        var decided = stages[2].Until!.Value;
        var noticed = decided - TimeSpan.FromMilliseconds(1);
        var since = noticed - Milliseconds(35, 260);
        var why = SafeSwitchRun.Crashed(unit);
        var progress = new SwitchProgress(null, null, stages, [])
        {
            Trouble = [new SwitchTrouble(noticed, since, "crash", unit, $"{unit}: exit-code, status 1")],
            Decision = new SwitchDecision(decided, false, unit, why),
            Outcome = new SwitchOutcome(SwitchVerdict.RolledBack, 0, why) { Took = stages[^1].Until!.Value },
        };
        var times = RecoveryTimes.From(progress)!;
        var row = Row(kind, from, new DemoGeneration(number, from.System, at), at, stages, OperationState.RolledBack, SwitchVerdict.RolledBack,
            FormattableString.Invariant($"{why} The server runs generation {from.Number} again: {OperationJudge.Times(times)}"), system, of);
        (row.Watched, row.Noticed, row.Decided, row.SwitchedBack, row.Recovered) = (WatchRecord.Write(progress), times.Noticed, times.Decided, times.SwitchedBack, times.Verified);
        return row;
    }

    private Operation Row(OperationKind kind, DemoGeneration from, DemoGeneration to, long at, ImmutableArray<SwitchStage> stages, OperationState state, SwitchVerdict verdict, string outcome, string? system = null, PastRollout? of = null)
    {
        var (author, name) = people.FirstOrDefault(person => person.Name == of?.Person) is { Name: not null } known ? known : people[random.Next(people.Count)];
        return new Operation
        {
            Id = Guid.CreateVersion7(server.Agenda.WallAt(at)),
            OrganisationId = organisation,
            ServerId = server.Id,
            Kind = kind,
            TargetGeneration = to.Number,
            TargetSystem = system ?? to.System.Path.Text,
            FromGeneration = from.Number,
            FromSystem = from.System.Path.Text,
            Plan = PlanRecord.Write(SwitchPlan.Deployment),
            Reason = of?.Reason ?? (kind == OperationKind.Drill ? "monthly drill" : ""),
            AuthorId = author,
            AuthorName = name,
            StartedAt = server.Agenda.WallAt(at),
            FinishedAt = server.Agenda.WallAt(at) + stages[^1].Until!.Value,
            State = state,
            Verdict = verdict,
            Outcome = outcome,
            Took = stages[^1].Until,
            Stages = StageRecord.Write(stages),
            Output = "activating the configuration...\nsetting up /etc...",
        };
    }

    private static ImmutableArray<SwitchStage> Stages(params ReadOnlySpan<(string Name, TimeSpan Took, bool Failed)> parts)
    {
        var at = TimeSpan.FromMilliseconds(1);
        var stages = ImmutableArray.CreateBuilder<SwitchStage>(parts.Length);
        foreach (var (name, took, failed) in parts)
        {
            stages.Add(new SwitchStage(name, at, at + took, failed, failed ? "It was stopped." : ""));
            at += took;
        }

        return stages.ToImmutable();
    }

    private TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMicroseconds(random.Next(least * 1000, most * 1000));
}
