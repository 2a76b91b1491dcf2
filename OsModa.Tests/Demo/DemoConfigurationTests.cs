using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Configuration;
using Xunit;

namespace OsModa.Tests.Demo;

/// <summary>The configuration of simulated servers goes all the way: read in, changed, proposed, merged, checked, switched to.</summary>
public sealed class DemoConfigurationTests : IAsyncDisposable
{
    private readonly DemoConfigurationRoom _room = DemoConfigurationRoom.OpenAsync().GetAwaiter().GetResult();

    private static CancellationToken Stop => DemoConfigurationRoom.Stop;

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    [Fact]
    public async Task The_demo_begins_with_a_proposal_that_waits_for_approval_and_has_a_comment()
    {
        var open = Assert.Single(await _room.Proposals.ListAsync(_room.Mara, Stop));
        var view = await _room.Proposals.FindAsync(_room.Mara, open.Id, Stop);

        Assert.Equal((ProposalState.Open, true, null), (open.State, open.NeedsApproval, open.ApprovedById));
        Assert.Equal("Jonas Okafor", Assert.Single(view!.Comments).AuthorName);
        Assert.Equal("web2", Assert.Single(view.Servers).Name);
        Assert.Null(await _room.Approve.RunAsync(_room.Mara, open.Id, open.Version, Stop));
        DemoConfigurationRoom.Value(await _room.Merge.RunAsync(_room.Mara, open.Id, Stop));
        // What web2 runs is what it comes to: it never had what is taken back.
        Assert.True((await _room.CheckAsync("web2"))[^1] is { State: CheckState.Passed, Unchanged: true });
    }

    [Fact]
    public async Task One_rollout_of_the_past_went_through_and_one_stopped_at_the_first_server_that_went_back()
    {
        var rollouts = await _room.Rollouts.ListAsync(_room.Mara, Stop);
        var stopped = await _room.Rollouts.FindAsync(_room.Mara, rollouts[0].Id, Stop);
        var done = await _room.Rollouts.FindAsync(_room.Mara, rollouts[1].Id, Stop);

        Assert.Equal([RolloutState.Stopped, RolloutState.Done], rollouts.Select(static r => r.State));
        Assert.Equal([RolloutServerState.Deployed, RolloutServerState.Failed, RolloutServerState.Skipped, RolloutServerState.Skipped], stopped!.Servers.Select(static s => s.State));
        Assert.All(done!.Servers, static s => Assert.Equal(RolloutServerState.Deployed, s.State));
    }

    [Theory]
    [InlineData("web1", DriftKind.InStep)]
    [InlineData("web2", DriftKind.Behind)]
    [InlineData("edge-fr", DriftKind.InStep)]
    [InlineData("ledger-us", DriftKind.Foreign)]
    [InlineData("web3", DriftKind.NotAdopted)]
    public async Task Servers_stand_to_the_repository_in_each_way(string server, DriftKind kind)
    {
        await _room.LookAsync(server);

        Assert.Equal(kind, (await _room.Drift.RunAsync(_room.Mara, _room.Outline(server).Id, Stop))?.Kind);
    }

    [Fact]
    public async Task Who_set_what_is_told_by_the_history()
    {
        var blame = await (await _room.SettingsAsync("web1")).BlameAsync();

        Assert.Equal(["Jonas Okafor", "Noor Haddad"], blame.Values.Select(static commit => commit.Author).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(4, (await (await _room.Repositories.OfAsync(_room.Mara.OrganisationId)).HistoryAsync("", 10)).Length);
    }

    [Fact]
    public async Task A_change_is_proposed_merged_built_and_switched_to()
    {
        await _room.ChangeAsync("web5", "services.nginx.clientMaxBodySize", new NixText("128m"));
        var seen = await _room.CheckAsync("web5");

        var built = seen[^1];
        Assert.True(built is { State: CheckState.Passed, Unchanged: false, System: not null }, built.Outcome);
        Assert.All(built.Steps, static step => Assert.True(step is { State: StepState.Passed, Findings.IsEmpty: true }));
        Assert.True(built.Build is { Built: > 2, Fetched: > 0, FetchedBytes: > 1_000_000, Share: 1, Log.IsEmpty: false });
        Assert.Contains(seen, static progress => progress.Build is { Share: > 0 and < 1, Now.IsEmpty: false });
        var switched = await _room.SwitchAsync("web5", built);
        Assert.True(switched.Outcome!.Verified);
        Assert.Equal(built.System, (await _room.LookAsync("web5")).Pins?.Current);
        Assert.True((await _room.CheckAsync("web5"))[^1].Unchanged);
    }

    [Fact]
    public async Task What_one_server_does_not_stand_is_built_and_goes_back_on_probation()
    {
        var built = (await _room.CheckAsync("web2"))[^1];
        var before = (await _room.LookAsync("web2")).Pins?.Current;

        var switched = await _room.SwitchAsync("web2", built);

        Assert.Equal((false, "courier.service"), (switched.Outcome!.Verified, switched.Trouble[0].Unit));
        Assert.Equal(before, (await _room.LookAsync("web2")).Pins?.Current);
    }

    [Fact]
    public async Task A_package_that_there_is_not_is_told_at_its_field()
    {
        await _room.ChangeAsync("edge-fr", "environment.systemPackages", new NixList([new NixPackage(["htop"]), new NixPackage(["htpo"])]));

        var ended = (await _room.CheckAsync("edge-fr"))[^1];

        Assert.Equal(CheckState.Failed, ended.State);
        var finding = Assert.Single(ended.Steps.SelectMany(static step => step.Findings));
        Assert.Equal(("environment.systemPackages", "There is no package pkgs.htpo."), (finding.Field?.Text, finding.Sentence));
    }

    [Fact]
    public async Task An_assertion_that_does_not_hold_is_told_at_the_field_that_it_names()
    {
        var user = NixSet.Of([KeyValuePair.Create("name", (NixValue)new NixText("shop")), KeyValuePair.Create("ensureDBOwnership", (NixValue)new NixBool(true))]);
        await _room.ChangeAsync("web4", "services.postgresql.ensureUsers", new NixList([user]));

        var ended = (await _room.CheckAsync("web4"))[^1];

        var finding = Assert.Single(ended.Steps.Single(static step => step.Step == CheckStep.System).Findings);
        Assert.Equal((CheckState.Failed, "services.postgresql.ensureUsers"), (ended.State, finding.Field?.Text));
    }

    [Fact]
    public async Task A_server_is_read_in_and_comes_to_the_very_system_that_runs()
    {
        await _room.LookAsync("web3");

        var adopted = DemoConfigurationRoom.Value(await _room.Adopt.RunAsync(_room.Noor, _room.Outline("web3").Id, Stop));
        var ended = (await _room.FollowAsync(adopted.Check!.Value))[^1];

        Assert.Equal(["configuration.nix", "hardware-configuration.nix"], adopted.Files);
        Assert.Empty(adopted.Left);
        Assert.True(ended is { State: CheckState.Passed, Unchanged: true }, ended.Outcome);
    }

    [Fact]
    public async Task Checks_are_stopped_by_a_person()
    {
        await _room.LookAsync("web4");
        var run = DemoConfigurationRoom.Value(await _room.Check.StartAsync(_room.Noor, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = _room.Outline("web4").Id }, Stop)).Id;
        _room.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await _room.Check.CancelAsync(_room.Noor, run, Stop));

        Assert.Equal(CheckState.Cancelled, (await _room.FollowAsync(run))[^1].State);
    }

    [Fact]
    public async Task What_the_form_sets_is_told_with_the_options_beside_what_is_written_by_hand()
    {
        var configured = new CommitSource(
            new ServerSource { ServerId = _room.Outline("web1").Id, OrganisationId = _room.Mara.OrganisationId, Kind = SourceKind.Channel, AdoptedAt = _room.Clock.GetUtcNow() },
            "servers/web1", default, new Lazy<string>(CheckOrder.Pack(await FilesAsync(), ImmutableHashSet<string>.Empty)!), "", "");

        var set = await SchemaReader.ReadSetAsync(_room.Demo.ShellOf(_room.Outline("web1")), configured, Stop);
        var packages = await SchemaReader.ReadPackagesAsync(_room.Demo.ShellOf(_room.Outline("web1")), configured, "htop", Stop);

        Assert.Contains(set.Told, static value => value.Path.Text == "services.nginx.clientMaxBodySize" && value.Files[0].File == "servers/web1/settings.json");
        Assert.Contains(set.Told, static value => value.Path.Text == "services.nginx.enable" && value.Files[0].File == "servers/web1/configuration.nix");
        Assert.Contains("htop", Encoding.UTF8.GetString(Assert.Single(packages).Span), StringComparison.Ordinal);
    }

    private async Task<ImmutableSortedDictionary<string, byte[]>> FilesAsync()
    {
        var repository = await _room.Repositories.OfAsync(_room.Mara.OrganisationId);
        return await repository.ReadAsync((await repository.HeadAsync())!.Value, "");
    }
}
