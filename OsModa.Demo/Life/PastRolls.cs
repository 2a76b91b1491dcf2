using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.Storage;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Life;

/// <summary>Enters the rollouts of the past with the runs of checks that led to them, and the newest runs, by which each server is known to run what the repository says.</summary>
internal sealed class PastRolls(DashboardContext context, Guid organisation, DateTimeOffset start, IReadOnlyList<DemoServer> servers, ImmutableArray<CommitId> commits, Dictionary<string, Person> people)
{
    /// <summary>Adds rows; whoever asks saves them.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        var ids = servers.Select(static server => server.Id).ToList();
        var operations = await context.Operations.AsNoTracking().Where(o => ids.Contains(o.ServerId) && o.Kind == OperationKind.Deploy).ToListAsync(cancellationToken);
        foreach (var rollout in PastForms.Rollouts)
        {
            Enter(rollout, operations);
        }

        // The weekly update came since: somebody has asked whether the repository still comes to what runs.
        foreach (var server in servers)
        {
            var newest = server.Profile.Generations.Last(static g => g.SetAt <= 0);
            var at = start + TimeSpan.FromMicroseconds(Math.Min(newest.SetAt + (12L * 60_000_000), -60_000_000));
            Check(Guid.CreateVersion7(at), server, PastForms.RunsStep(server.Name), "Noor Haddad", at, newest.System.Path, newest.System.Path);
        }
    }

    private void Enter(PastRollout of, List<Operation> operations)
    {
        var begun = start - of.Before;
        var author = people[of.Person];
        var there = of.Servers.Select(name => servers.FirstOrDefault(server => server.Name == name)).OfType<DemoServer>().ToList();
        var id = Guid.CreateVersion7(begun);
        string? stopped = null;
        var rows = new List<RolloutServer>();
        foreach (var server in there)
        {
            var operation = operations.Where(o => o.ServerId == server.Id && o.AuthorId == author.Id && o.Reason == of.Reason).MaxBy(static o => o.StartedAt);
            var check = Guid.CreateVersion7(begun);
            if (operation is not null)
            {
                Check(check, server, of.Step, of.Person, begun, StorePath.Parse(operation.TargetSystem), StorePath.Parse(operation.FromSystem!));
            }
            else if (server.Profile.Generations.LastOrDefault(g => start.AddMicroseconds(g.SetAt) <= begun) is { } ran)
            {
                var system = new Systems.DemoSystem(ran.System.Release, server.With(ran.System.Plan, PastForms.Of(server.Name, of.Step)));
                Check(check, server, of.Step, of.Person, begun, system.Path, ran.System.Path);
            }

            var (state, text) = stopped is not null || operation is null ? (RolloutServerState.Skipped, "Not touched: a server before it was not well.")
                : operation.State == OperationState.Verified ? (RolloutServerState.Deployed, operation.Outcome)
                : (RolloutServerState.Failed, operation.Outcome);
            stopped ??= state == RolloutServerState.Failed ? text : null;
            rows.Add(new RolloutServer { RolloutId = id, ServerId = server.Id, OrganisationId = organisation, Position = rows.Count, CheckId = check, OperationId = operation?.Id ?? Guid.CreateVersion7(begun), TypedName = server.Name, State = state, Text = text });
        }

        context.Rollouts.Add(new Rollout
        {
            Id = id,
            OrganisationId = organisation,
            Commit = commits[of.Step].Text,
            Reason = of.Reason,
            AuthorId = author.Id,
            AuthorName = author.Name,
            StartedAt = begun,
            EndedAt = begun + TimeSpan.FromMinutes(5),
            State = stopped is null ? RolloutState.Done : RolloutState.Stopped,
            Outcome = stopped is null ? $"{rows.Count} servers run it." : $"Stopped at the first server that was not well. {stopped}",
        });
        context.RolloutServers.AddRange(rows);
    }

    private void Check(Guid id, DemoServer server, int step, string person, DateTimeOffset at, StorePath system, StorePath ran)
    {
        var took = TimeSpan.FromMilliseconds(400);
        var progress = Enum.GetValues<CheckStep>().Where(static one => one != CheckStep.Copy).Aggregate(CheckSteps.Begin(id, hasBuilder: false), (now, one) => now.With(one, StepState.Passed, took *= 2)) with
        {
            State = CheckState.Passed,
            System = system,
            Ran = ran,
            Unchanged = system == ran,
            Outcome = system == ran ? "The system is built, and it is the very one that runs: nothing changes on this server." : "The system is built.",
        };
        context.CheckRuns.Add(new CheckRun
        {
            Id = id,
            OrganisationId = organisation,
            ServerId = server.Id,
            Commit = commits[step].Text,
            IsDraft = false,
            AuthorId = people[person].Id,
            AuthorName = person,
            StartedAt = at,
            EndedAt = at + (took * 2),
            State = CheckState.Passed,
            Touched = string.Join('\n', PastForms.Of(server.Name, step).Settings.Keys.Select(static path => path.Text)),
            Steps = CheckRecord.Write(progress),
            System = system.Text,
            Outcome = progress.Outcome,
        });
    }
}
