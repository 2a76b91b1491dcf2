using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Configuration;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>One dashboard without its pages that configures a server of the lab: repository, checks, deployments.</summary>
internal sealed class ConfigurationLab : IAsyncDisposable
{
    private bool _ended;

    private ConfigurationLab(LabServer machine, OperationLab operations)
    {
        (Machine, Operations) = (machine, operations);
        Repositories = new ConfigurationRepositories(new StorageSettings { Folder = operations.Folder });
        var (database, fleet, shells, ledger, time) = (operations.Database, operations.Fleet, operations.Shells, operations.Ledger, TimeProvider.System);
        var rows = new CheckRows(database, ledger, time);
        Checks = new CheckHistory(database);
        NewWatch = () => new CheckWatch(fleet, shells, rows, Checks, new CopyClosure(shells), Repositories, time, NullLogger<CheckWatch>.Instance);
        Watch = NewWatch();
        RunCheck = new RunCheck(database, fleet, shells, Repositories, Watch, rows, ledger, time);
        Schemas = new ServerSchemas(new StorageSettings { Folder = operations.Folder }, shells, new ConfiguredSource(database, Repositories), time, NullLogger<ServerSchemas>.Instance);
        Adopt = new AdoptServer(database, shells, Repositories, RunCheck, ledger, time);
        var quarantines = new QuarantineList(database, ledger, time);
        Propose = new ProposeChange(database, Repositories, new ProposalNews(), ledger, time);
        Merge = new MergeProposal(database, Repositories, new ProposalNews(), ledger, time);
        Drift = new ReadDrift(database, fleet, Repositories);
        TakeOver = new TakeOverDrift(database, shells, Repositories, RunCheck, new ProposalNews(), ledger, time);
        Deploy = new DeployChecked(database, fleet, operations.History, quarantines, new BeginOperation(database, shells, operations.Watch, ledger, time), Repositories, time);
        RolloutRows = new RolloutRows(database, ledger, time);
        NewRollouts = () => new RolloutWatch(fleet, RolloutRows, RunCheck, Watch, Deploy, operations.History, time, NullLogger<RolloutWatch>.Instance);
        Rollouts = NewRollouts();
        StartRollout = new StartRollout(database, Repositories, Rollouts, ledger, time);
        ApplyRollout = new ApplyRollout(database, RolloutRows, Rollouts, ledger);
    }

    public LabServer Machine { get; }

    public OperationLab Operations { get; }

    public ConfigurationRepositories Repositories { get; }

    public CheckHistory Checks { get; }

    public CheckWatch Watch { get; }

    /// <summary>As another process would have one.</summary>
    public Func<CheckWatch> NewWatch { get; }

    public RunCheck RunCheck { get; }

    public ServerSchemas Schemas { get; }

    public AdoptServer Adopt { get; }

    public DeployChecked Deploy { get; }

    public ProposeChange Propose { get; }

    public MergeProposal Merge { get; }

    public ReadDrift Drift { get; }

    public TakeOverDrift TakeOver { get; }

    public RolloutRows RolloutRows { get; }

    public RolloutWatch Rollouts { get; }

    /// <summary>As another process would have one.</summary>
    public Func<RolloutWatch> NewRollouts { get; }

    public StartRollout StartRollout { get; }

    public ApplyRollout ApplyRollout { get; }

    public ServerId Server => Operations.Server.Id;

    public static async Task<ConfigurationLab> OpenAsync(LabServer machine) => new(machine, await OperationLab.OpenAsync(machine));

    public Task<ServerSettings> SettingsAsync() => SettingsAsync(Operations.Server);

    public async Task<ServerSettings> SettingsAsync(Server server)
    {
        Assert.True(ServerName.TryParse(server.Name, out var name, out _));
        return new ServerSettings(await Repositories.OfAsync(Operations.Server.OrganisationId), name);
    }

    /// <summary>The server is taken in, and it is proven that nothing changes.</summary>
    public async Task<Adoption> AdoptAsync(ServerId? server = null)
    {
        await Operations.LiveAsync();
        var adopted = await Adopt.RunAsync(Operations.Ann, server ?? Server, TestContext.Current.CancellationToken);
        Assert.True(adopted.Done, Words(adopted.Errors));
        Assert.Null(adopted.Value.CheckFault);
        return adopted.Value;
    }

    /// <summary>Saves what the form holds beside what was there.</summary>
    public async Task<CommitId> SaveAsync(params Setting[] settings)
    {
        var form = await SettingsAsync();
        var basis = await form.ReadAsync();
        var saved = await form.SaveAsync(basis, settings.Aggregate(basis.Document, (document, setting) => document.With(setting)), Words("A change of the test"));
        return Assert.NotNull(saved.Commit);
    }

    /// <summary>A run of checks, to its end.</summary>
    public async Task<CheckProgress> CheckAsync(CommitId? commit = null, SettingsDocument? draft = null, ServerId? builder = null) => await EndedAsync(await StartAsync(commit, draft, builder));

    public async Task<Guid> StartAsync(CommitId? commit = null, SettingsDocument? draft = null, ServerId? builder = null)
    {
        await Operations.LiveAsync();
        var run = await RunCheck.StartAsync(Operations.Ann, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = Server, Commit = commit, Draft = draft, Builder = builder }, TestContext.Current.CancellationToken);
        Assert.True(run.Done, Words(run.Errors));
        return run.Value.Id;
    }

    public async Task<CheckProgress> EndedAsync(Guid run)
    {
        CheckProgress? last = null;
        await foreach (var progress in Watch.FollowAsync(Operations.Ann, run, TestContext.Current.CancellationToken))
        {
            last = progress;
        }

        Assert.NotNull(last);
        Assert.True(last.Ended, $"{last}");
        return last;
    }

    /// <summary>Deploys what a run built, and waits until it is known what became of it.</summary>
    public async Task<Operation> DeployAsync(CheckProgress built, SwitchPlan? plan = null)
    {
        Assert.True(built.State == CheckState.Passed, Words(built));
        await Operations.LiveAsync();
        var request = new DeployRequest { Sheet = Guid.CreateVersion7(), Check = built.Run, SeenCurrent = Operations.State.Pins!.Current!.Value, Plan = plan ?? SwitchPlan.Deployment with { Probation = TimeSpan.FromSeconds(2) } };
        var result = await Deploy.RunAsync(Operations.Ann, request, TestContext.Current.CancellationToken);
        Assert.True(result is RollBackResult.Started, $"{result}");
        return await Operations.EndedAsync(request.Sheet);
    }

    /// <summary>What an agent on the server says of itself; empty while it does not answer.</summary>
    public Task<string> HealthAsync(string agent) => Machine.ShellAsync($"curl -s --max-time 5 --unix-socket /run/agents/{agent}.sock http://agent/health || true");

    public static Setting Agent(string name, params (string Name, NixValue Value)[] members) =>
        new(OptionPath.Of("services", "agents", name), NixSet.Of(members.Select(member => KeyValuePair.Create(member.Name, member.Value))));

    public static string Words(CheckProgress progress) =>
        $"{progress.State}: {progress.Outcome}\n{string.Join('\n', progress.Steps.SelectMany(step => step.Findings.Select(finding => $"{step.Step} {finding.Field}: {finding.Sentence}\n{finding.Detail}")))}\n{string.Join('\n', progress.Build.Log.TakeLast(20))}";

    /// <summary>Rollouts under way stay as they are, as in a dashboard that was killed.</summary>
    public async Task EndRolloutsAsync()
    {
        if (!_ended)
        {
            _ended = true;
            await Rollouts.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndRolloutsAsync();
        await Watch.DisposeAsync();
        await Operations.DisposeAsync();
    }

    private static string Words(OsModa.Core.FieldErrors errors) => string.Join("; ", errors.ByField.Values);

    private static CommitWords Words(string title) => new("Ann", "ann@example.org", TimeProvider.System.GetUtcNow(), title, "");
}
