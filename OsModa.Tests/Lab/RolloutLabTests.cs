using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>One commit for several servers: first it is known whose system changes, then one after the other, and no further than the first that goes back.</summary>
[Trait("Tier", "lab")]
public sealed class RolloutLabTests
{
    [Fact]
    public async Task A_rollout_ends_at_the_first_server_that_goes_back_and_leaves_the_rest_untouched()
    {
        await using var first = await LabServer.UpAsync("--tiny");
        await using var second = await LabServer.UpAsync("--tiny");
        await using var third = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(first);
        await JoinAsync(lab);
        Server[] servers = [lab.Operations.Server, await lab.Operations.AddAsync(second), await lab.Operations.AddAsync(third)];
        foreach (var server in servers)
        {
            await lab.EndedAsync((await lab.AdoptAsync(server.Id)).Check!.Value);
        }

        var nothing = await RunAsync(lab, (await (await lab.Repositories.OfAsync(lab.Operations.Ann.OrganisationId)).HeadAsync())!.Value, servers);
        Assert.Equal((RolloutState.Done, "All servers run this already: nothing changes on any of them."), (nothing.Rollout.State, nothing.Rollout.Outcome));
        Assert.All(nothing.Servers, server => Assert.Equal(RolloutServerState.Unchanged, server.State));

        var good = ConfigurationLab.Agent("muse");
        var bad = ConfigurationLab.Agent("muse", ("arguments", new NixList([new NixText("--crash-after"), new NixText("1")])));
        var commit = await MergeAsync(lab, (servers[0], good), (servers[1], bad), (servers[2], good));
        var ready = await RunAsync(lab, commit, servers);
        Assert.True(ready.Rollout is { State: RolloutState.Ready, Outcome: "The system of 3 of 3 servers changes." }, string.Join("; ", ready.Servers.Select(server => server.Text)));
        Assert.Equal("7", await NumberAsync(first));

        Assert.Null(await lab.ApplyRollout.RunAsync(lab.Operations.Ann, ready.Rollout.Id, new Dictionary<ServerId, string>(), TestContext.Current.CancellationToken));
        var ended = await FollowAsync(lab, ready.Rollout.Id);

        Assert.Equal(RolloutState.Stopped, ended.Rollout.State);
        Assert.Equal([RolloutServerState.Deployed, RolloutServerState.Failed, RolloutServerState.Skipped], ended.Servers.Select(server => server.State));
        Assert.Equal(("8", "7", "7"), (await NumberAsync(first), await NumberAsync(second), await NumberAsync(third)));
        var stop = TestContext.Current.CancellationToken;
        Assert.Equal(DriftKind.InStep, (await lab.Drift.RunAsync(lab.Operations.Ann, servers[0].Id, stop))?.Kind);
        Assert.Equal(DriftKind.Behind, (await lab.Drift.RunAsync(lab.Operations.Ann, servers[2].Id, stop))?.Kind);
    }

    [Fact]
    public async Task A_server_that_somebody_switched_meanwhile_is_asked_about_and_a_killed_dashboard_goes_on()
    {
        await using var machine = await LabServer.UpAsync("--tiny");
        await using var lab = await ConfigurationLab.OpenAsync(machine);
        await JoinAsync(lab);
        var server = lab.Operations.Server;
        await lab.EndedAsync((await lab.AdoptAsync()).Check!.Value);
        var commit = await MergeAsync(lab, (server, ConfigurationLab.Agent("muse")));
        var ready = await RunAsync(lab, commit, [server]);
        Assert.Equal(RolloutState.Ready, ready.Rollout.State);

        var before = lab.Operations.State.Pins!.Current;
        await machine.ShellAsync("/nix/var/nix/profiles/system-6-link/bin/switch-to-configuration test");
        await lab.Operations.SeesAsync(state => state.Pins?.Current is { } current && current != before);
        Assert.Null(await lab.ApplyRollout.RunAsync(lab.Operations.Ann, ready.Rollout.Id, new Dictionary<ServerId, string>(), TestContext.Current.CancellationToken));
        var asked = await FollowAsync(lab, ready.Rollout.Id);

        Assert.Equal((RolloutState.Ready, RolloutServerState.Changes), (asked.Rollout.State, Assert.Single(asked.Servers).State));
        Assert.StartsWith("A server was switched by somebody else", asked.Rollout.Outcome, StringComparison.Ordinal);
        Assert.NotEqual(ready.Servers[0].CheckId, asked.Servers[0].CheckId);
        Assert.Equal(6, await machine.GenerationAsync("/run/current-system"));

        // The person has seen it and wants it nevertheless; then the dashboard is gone in the middle.
        Assert.Null(await lab.ApplyRollout.RunAsync(lab.Operations.Ann, ready.Rollout.Id, new Dictionary<ServerId, string>(), TestContext.Current.CancellationToken));
        await lab.EndRolloutsAsync();
        await using var next = lab.NewRollouts();
        await next.ResumeAsync(TestContext.Current.CancellationToken);
        RolloutView? last = null;
        await foreach (var view in next.FollowAsync(lab.Operations.Ann, ready.Rollout.Id, TestContext.Current.CancellationToken))
        {
            last = view;
        }

        Assert.Equal((RolloutState.Done, RolloutServerState.Deployed), (last!.Rollout.State, last.Servers[0].State));
        Assert.Equal("8", await NumberAsync(machine));
    }

    // A rollout goes on without a page, so the rights of who began it are read from the database.
    private static async Task JoinAsync(ConfigurationLab lab)
    {
        var ann = lab.Operations.Ann;
        var context = lab.Operations.Database.OpenForAll();
        await using (context)
        {
            context.Users.Add(new Person { Id = ann.PersonId, UserName = "ann@example.org", Email = "ann@example.org", Name = ann.Name });
            context.Memberships.Add(new Membership { PersonId = ann.PersonId, OrganisationId = ann.OrganisationId, Role = ann.Role });
            await context.SaveChangesAsync();
        }
    }

    private static async Task<CommitId> MergeAsync(ConfigurationLab lab, params (Server Server, Setting Setting)[] changes)
    {
        var proposed = new List<ProposedSettings>();
        foreach (var (server, setting) in changes)
        {
            var basis = await (await lab.SettingsAsync(server)).ReadAsync();
            proposed.Add(new ProposedSettings(server.Id, basis, basis.Document.With(setting)));
        }

        var proposal = await lab.Propose.RunAsync(lab.Operations.Ann, new ProposalForm { Id = Guid.CreateVersion7(), Title = "An agent for all", Changes = [.. proposed] }, TestContext.Current.CancellationToken);
        Assert.True(proposal.Done, string.Join("; ", proposal.Errors.ByField.Values));
        var merged = await lab.Merge.RunAsync(lab.Operations.Ann, proposal.Value.Id, TestContext.Current.CancellationToken);
        Assert.True(merged.Done, string.Join("; ", merged.Errors.ByField.Values));
        Assert.Equal(changes.Length, merged.Value.Servers.Length);
        return merged.Value.Commit;
    }

    private static async Task<RolloutView> RunAsync(ConfigurationLab lab, CommitId commit, Server[] servers)
    {
        var form = new RolloutForm { Id = Guid.CreateVersion7(), Commit = commit, Servers = [.. servers.Select(server => server.Id)], Reason = "as the test wants" };
        var started = await lab.StartRollout.RunAsync(lab.Operations.Ann, form, TestContext.Current.CancellationToken);
        Assert.True(started.Done, string.Join("; ", started.Errors.ByField.Values));
        return await FollowAsync(lab, form.Id);
    }

    private static async Task<RolloutView> FollowAsync(ConfigurationLab lab, Guid rollout)
    {
        RolloutView? last = null;
        await foreach (var view in lab.Rollouts.FollowAsync(lab.Operations.Ann, rollout, TestContext.Current.CancellationToken))
        {
            last = view;
        }

        return last!;
    }

    private static async Task<string> NumberAsync(LabServer machine) => (await machine.ShellAsync("readlink /nix/var/nix/profiles/system | tr -dc 0-9")).Trim();
}
