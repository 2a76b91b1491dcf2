using System.Collections.Immutable;
using OsModa.Core.Configuration;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Demo.Machines;
using OsModa.Demo.Systems;

namespace OsModa.Demo.Life;

/// <summary>Who did what in the past weeks: each generation came by the server's own weekly update or by somebody on it, and some were taken back by people.</summary>
internal sealed class PastOperations(DemoServer server, Guid organisation, IReadOnlyList<(Guid Id, string Name)> people)
{
    private static readonly (string Unit, string Reason)[] Reasons =
    [
        ("scribe.service", "scribe answers in 4 s instead of 0.2 s since the update"),
        ("ledgerbot.service", "ledgerbot crashes at its first invoice"),
        ("archivist.service", "the queue of archivist stands still since this morning"),
        ("nginx.service", "nginx drops long connections since the new configuration"),
        ("courier.service", "courier delivers twice"),
        ("warden.service", "warden blocks the office's own addresses"),
        ("haproxy.service", "haproxy sends everything to one back end"),
        ("hydra-runner.service", "builds wait for ever since the update"),
        ("tinker.service", "tinker forgets its notes"),
    ];

    private readonly Random _random = new((int)server.Seed + 1);

    /// <summary>Oldest first; the last one leads to what the server runs now.</summary>
    public List<Operation> Make()
    {
        var rows = new List<Operation>();
        var generations = server.Profile.Generations.ToList();
        var runs = generations[0];
        var watched = new PastRuns(server, organisation, people, _random);
        var agents = server.Services.Units.Where(static u => u.Template.Agent is not null).Select(static u => u.Name).ToArray();
        var refused = PastForms.RefusedBy(server.Name, server.Agenda.WallAt(0));
        for (var i = 1; i < generations.Count; i++)
        {
            var next = generations[i];
            var last = i == generations.Count - 1;
            if (refused is { } attempt && server.Agenda.WallAt(next.SetAt) > attempt.At)
            {
                rows.Add(Refused(watched, runs, attempt));
                refused = null;
            }

            if (PastForms.RolloutOf(server.Name, runs.System.Plan.Form, next.System.Plan.Form) is { } rollout)
            {
                rows.Add(watched.Held(runs, next, rollout));
                runs = next;
                continue;
            }

            var ours = people.Count > 0 && agents.Length > 0 ? _random.Next(4) : 3;
            if (ours == 0 && !last)
            {
                rows.Add(watched.TakenBack(runs, next, agents[_random.Next(agents.Length)]));
                continue;
            }

            rows.Add(ours == 1 ? watched.Held(runs, next) : Outside(runs, next.System, next.Number, next.SetAt));
            if (ours == 1)
            {
                rows.AddRange(!last && _random.Next(3) == 0 ? [watched.Drill(next, next.SetAt + Minutes(180 + _random.Next(400)))] : Array.Empty<Operation>());
                runs = next;
            }
            else if (!last && people.Count > 0 && _random.Next(6) == 0)
            {
                rows.Add(TakenBack(next, runs, next.SetAt + Minutes(25 + _random.Next(90))));
            }
            else
            {
                runs = next;
            }
        }

        if (refused is { } newest)
        {
            rows.Add(Refused(watched, runs, newest));
        }

        if (server.Profile.Current != runs.System)
        {
            rows.Add(Outside(runs, server.Profile.Current, 0, -Minutes(130)));
        }

        return rows;
    }

    // A rollout brought it a system that it did not stand.
    private Operation Refused(PastRuns watched, DemoGeneration runs, (DateTimeOffset At, SettingsDocument Form, string Unit, PastRollout Of) attempt)
    {
        var system = new DemoSystem(runs.System.Release, server.With(runs.System.Plan, attempt.Form));
        return watched.TakenBack(runs, new DemoGeneration(0, system, (attempt.At - server.Agenda.WallAt(0)).Ticks / TimeSpan.TicksPerMicrosecond), attempt.Unit, attempt.Of);
    }

    private Operation Outside(DemoGeneration from, DemoSystem to, int number, long at) => new()
    {
        Id = IdOf(at),
        OrganisationId = organisation,
        ServerId = server.Id,
        Kind = OperationKind.Elsewhere,
        TargetGeneration = number,
        TargetSystem = to.Path.Text,
        FromGeneration = from.Number,
        FromSystem = from.System.Path.Text,
        Reason = "",
        AuthorId = Guid.Empty,
        AuthorName = "somebody on the server",
        StartedAt = server.Agenda.WallAt(at),
        FinishedAt = server.Agenda.WallAt(at),
        State = OperationState.Verified,
        Outcome = "Switched on the server itself, not through this dashboard.",
    };

    private Operation TakenBack(DemoGeneration from, DemoGeneration to, long at)
    {
        var (author, name) = people[_random.Next(people.Count)];
        var (preflight, activate, verify, commit) = (Milliseconds(31, 58), Milliseconds(880, 1900), Milliseconds(30, 70), Milliseconds(90, 180));
        var stages = Stages(("preflight", preflight), ("activate", activate), ("verify", verify), ("commit", commit));
        return new Operation
        {
            Id = IdOf(at),
            OrganisationId = organisation,
            ServerId = server.Id,
            Kind = OperationKind.RollBack,
            TargetGeneration = to.Number,
            TargetSystem = to.System.Path.Text,
            FromGeneration = from.Number,
            FromSystem = from.System.Path.Text,
            Reason = Reason(),
            AuthorId = author,
            AuthorName = name,
            StartedAt = server.Agenda.WallAt(at),
            FinishedAt = server.Agenda.WallAt(at) + stages[^1].Until!.Value,
            State = OperationState.Verified,
            Verdict = SwitchVerdict.Verified,
            Outcome = $"The server runs generation {to.Number}, and a restart starts it.",
            Took = stages[^1].Until,
            Stages = StageRecord.Write(stages),
            Output = "activating the configuration...\nsetting up /etc...",
        };
    }

    private string Reason()
    {
        var fitting = Reasons.Where(r => server.Services.Find(r.Unit) is not null).ToArray();
        return fitting[_random.Next(fitting.Length)].Reason;
    }

    private static ImmutableArray<SwitchStage> Stages(params ReadOnlySpan<(string Name, TimeSpan Took)> parts)
    {
        var at = TimeSpan.FromMilliseconds(1);
        var stages = ImmutableArray.CreateBuilder<SwitchStage>(parts.Length);
        foreach (var (name, took) in parts)
        {
            stages.Add(new SwitchStage(name, at, at + took, false, ""));
            at += took;
        }

        return stages.ToImmutable();
    }

    private Guid IdOf(long at) => Guid.CreateVersion7(server.Agenda.WallAt(at));

    private TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMicroseconds(_random.Next(least * 1000, most * 1000));

    private static long Minutes(int count) => count * 60_000_000L;
}
