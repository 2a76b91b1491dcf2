using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Demo.Life;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Demo;

/// <summary>The demo with its past, and the verbs of the configuration on its simulated servers.</summary>
internal sealed class DemoConfigurationRoom : IAsyncDisposable
{
    private readonly TemporaryDatabase _files;
    private readonly CheckWatch _watch;

    private DemoConfigurationRoom(TemporaryDatabase files, DemoFleet fleet, HandClock clock, Caller noor, Caller mara)
    {
        (_files, Demo, Clock, Noor, Mara) = (files, fleet, clock, noor, mara);
        var rows = new CheckRows(files.Database, files.Ledger, clock);
        Repositories = new ConfigurationRepositories(files.Settings);
        _watch = new CheckWatch(Fleet, ShellOf, rows, new CheckHistory(files.Database), new CopyClosure(ShellOf), Repositories, clock, NullLogger<CheckWatch>.Instance);
        Check = new RunCheck(files.Database, Fleet, ShellOf, Repositories, _watch, rows, files.Ledger, clock);
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public DemoFleet Demo { get; }

    public HandClock Clock { get; }

    public Caller Noor { get; }

    public Caller Mara { get; }

    public Fleet Fleet { get; } = new();

    public ConfigurationRepositories Repositories { get; }

    public RunCheck Check { get; }

    public ProposeChange Propose => new(_files.Database, Repositories, new ProposalNews(), _files.Ledger, Clock);

    public ApproveProposal Approve => new(_files.Database, new ProposalNews(), _files.Ledger, Clock);

    public MergeProposal Merge => new(_files.Database, Repositories, new ProposalNews(), _files.Ledger, Clock);

    public ProposalList Proposals => new(_files.Database, Repositories);

    public RolloutRows Rollouts => new(_files.Database, _files.Ledger, Clock);

    public AdoptServer Adopt => new(_files.Database, ShellOf, Repositories, Check, _files.Ledger, Clock);

    public ReadDrift Drift => new(_files.Database, Fleet, Repositories);

    public static async Task<DemoConfigurationRoom> OpenAsync()
    {
        var (files, clock) = (await TemporaryDatabase.OpenAsync(), new HandClock());
        var fleet = new DemoFleet(new DemoSettings(), clock);
        await new DemoSeed(new DemoSettings(), fleet, files.Database, new CreateOrganisation(files.Database, clock), new PasswordHasher<Person>(), clock).RunAsync(Stop);
        await new PastConfiguration(fleet, files.Database, new ConfigurationRepositories(files.Settings), new ProposalNews(), NullLogger<PastConfiguration>.Instance).RunAsync(Stop);
        var context = files.Database.OpenForAll();
        await using (context)
        {
            var people = await context.Users.Join(context.Memberships, static p => p.Id, static m => m.PersonId, static (p, m) => new Caller(p.Id, p.Name, m.OrganisationId, m.Role)).ToListAsync(Stop);
            return new DemoConfigurationRoom(files, fleet, clock, people.Single(static p => p.Name == "Noor Haddad"), people.Single(static p => p.Name == "Mara Lindqvist"));
        }
    }

    public static T Value<T>(Result<T> result)
        where T : class =>
        result.Value ?? throw new Xunit.Sdk.XunitException(string.Join(' ', result.Errors.ByField.Values));

    public ServerOutline Outline(string name) => Demo.Outline.Single(o => o.Name == name);

    public async Task<ServerSettings> SettingsAsync(string server) =>
        new(await Repositories.OfAsync(Noor.OrganisationId), ServerName.TryParse(server, out var name, out _) ? name : throw new FormatException(server));

    /// <summary>The dashboard observes a server.</summary>
    public async Task<ServerState> LookAsync(string server)
    {
        var outline = Outline(server);
        Fleet.Put(Heard.State(await Listening.HearAsync(Demo, outline, Clock, TimeSpan.Zero)) with { Server = outline.Id, Reach = Reach.Live });
        return Fleet[outline.Id];
    }

    /// <summary>A person changes the form, proposes it, and merges it.</summary>
    public async Task<CommitId> ChangeAsync(string server, string option, NixValue value)
    {
        var basis = await (await SettingsAsync(server)).ReadAsync();
        Assert.True(OptionPath.TryParse(option, out var path, out _));
        var form = new ProposalForm { Id = Guid.CreateVersion7(), Title = "A change", Reason = "Because.", Changes = [new ProposedSettings(Outline(server).Id, basis, basis.Document.With(new Setting(path, value)))] };
        return Value(await Merge.RunAsync(Noor, Value(await Propose.RunAsync(Noor, form, Stop)).Id, Stop)).Commit;
    }

    /// <summary>Checks the newest commit for a server, and follows that to its end.</summary>
    public async Task<List<CheckProgress>> CheckAsync(string server)
    {
        await LookAsync(server);
        return await FollowAsync(Value(await Check.StartAsync(Noor, new CheckRequest { Sheet = Guid.CreateVersion7(), Server = Outline(server).Id }, Stop)).Id);
    }

    /// <summary>The states of a run until it has ended.</summary>
    public async Task<List<CheckProgress>> FollowAsync(Guid run)
    {
        var seen = new List<CheckProgress>();
        await Eventually.TrueAsync(async () =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            seen.Add((await _watch.ReadAsync(Noor, run, Stop))!);
            return seen[^1].Ended;
        }, seconds: 60);
        return seen;
    }

    /// <summary>Switches a server to what was built, on probation, and tells how that ended.</summary>
    public async Task<SwitchProgress> SwitchAsync(string server, CheckProgress built)
    {
        var before = await LookAsync(server);
        await using var observation = await Demo.ShellOf(Outline(server)).StartAsync(Listening.Observe, [], Stop);
        await using var run = await Demo.ShellOf(Outline(server)).StartAsync(
            new RemoteScript("start-switch.sh", ""),
            [Guid.CreateVersion7().ToString("D"), $"order\t2\nmode\tnow\ntarget\t{built.System}\t0\nexpected\t{before.Pins!.Current}\nprobation\t10\n", ""], Stop);
        Assert.Equal(["started"], await Listening.HearAsync(run, static () => { }));
        return Heard.State(await Listening.HearAsync(observation, () => Clock.Advance(TimeSpan.FromSeconds(20)))).Switch!;
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        Demo.Dispose();
        await _files.DisposeAsync();
    }

    private ValueTask<IRemoteShell> ShellOf(ServerId server, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Demo.ShellOf(Demo.Outline.Single(o => o.Id == server)));
}
