using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>Five servers whose systems one machine builds, three at a time, with checks that go on until somebody stops them.</summary>
public sealed class RolloutGivenUpTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osmoda-given-up-").FullName;
    private readonly OperationRoom _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
    private readonly ConfigurationRepositories _repositories;
    private readonly RolloutRows _rows;
    private readonly CheckWatch _checks;
    private readonly RolloutWatch _rollouts;
    private readonly StopRollout _stop;
    private readonly List<ServerId> _servers = [];
    private string _commit = "";
    private string _answer = "stopped";

    public RolloutGivenUpTests()
    {
        _repositories = new ConfigurationRepositories(new StorageSettings { Folder = _folder });
        _rows = new RolloutRows(_room.Database, _room.Ledger.Writer, _room.Clock);
        var rows = new CheckRows(_room.Database, _room.Ledger.Writer, _room.Clock);
        _checks = new CheckWatch(_room.Fleet, Shells, rows, new CheckHistory(_room.Database), new CopyClosure(Shells), _repositories, _room.Clock, NullLogger<CheckWatch>.Instance);
        var check = new RunCheck(_room.Database, _room.Fleet, Shells, _repositories, _checks, rows, _room.Ledger.Writer, _room.Clock);
        var begin = new BeginOperation(_room.Database, Shells, _room.Watch, _room.Ledger.Writer, _room.Clock);
        var deploy = new DeployChecked(_room.Database, _room.Fleet, _room.History, _room.Quarantines, begin, _repositories, _room.Clock);
        _rollouts = new RolloutWatch(_room.Fleet, _rows, check, _checks, deploy, _room.History, _room.Clock, NullLogger<RolloutWatch>.Instance);
        _stop = new StopRollout(_rows, _rollouts, check, _room.Ledger.Writer);
        _room.Shell.Answer = (script, arguments) => script switch
        {
            "start-check.sh" => ["started"],
            "stop-check.sh" => [_answer],
            "follow-check.sh" when Asked("stop-check.sh").Contains(arguments[0], StringComparer.Ordinal) && string.Equals(_answer, "stopped", StringComparison.Ordinal) => ["1.00\tbegin", "2.00\tdone\tcancelled\t"],
            "follow-check.sh" => ["1.00\tbegin"],
            _ => [],
        };
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ShellOf Shells => (_, _) => ValueTask.FromResult<IRemoteShell>(_room.Shell);

    public async ValueTask DisposeAsync()
    {
        await _rollouts.DisposeAsync();
        await _checks.DisposeAsync();
        await _room.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Checks_under_way_end_and_no_new_ones_begin_so_the_next_rollout_has_their_places()
    {
        await AdoptAsync();
        var first = await BeginAsync(_servers);
        await UntilAsync(() => Asked("start-check.sh").Count == 3);

        Assert.Null(await _stop.RunAsync(_room.Ann, first, Stop));
        var second = await BeginAsync(_servers.Take(3));
        await UntilAsync(() => Asked("start-check.sh").Count >= 6);

        var view = (await _rows.FindAsync(_room.Ann, first, Stop))!;
        Assert.Equal(RolloutState.Stopped, view.Rollout.State);
        Assert.All(view.Servers, server => Assert.Equal((RolloutServerState.Skipped, "Not touched: the rollout was stopped before."), (server.State, server.Text)));
        Assert.Equal(Asked("start-check.sh").Take(3).Order(StringComparer.Ordinal), Asked("stop-check.sh").Order(StringComparer.Ordinal));
        var next = (await _rows.FindAsync(_room.Ann, second, Stop))!.Servers.Select(server => server.CheckId.ToString("D"));
        Assert.Equal(next.Order(StringComparer.Ordinal), Asked("start-check.sh").Skip(3).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_the_machine_does_not_answer_it_is_said_that_the_checks_go_on()
    {
        await AdoptAsync();
        var rollout = await BeginAsync(_servers);
        await UntilAsync(() => Asked("start-check.sh").Count == 3);
        _answer = "";

        Assert.Null(await _stop.RunAsync(_room.Ann, rollout, Stop));

        var texts = (await _rows.FindAsync(_room.Ann, rollout, Stop))!.Servers.Select(server => server.Text).ToList();
        Assert.Equal(3, texts.Count(text => string.Equals(text, "Not touched: the rollout was stopped before. The server does not answer, so the checks go on there.", StringComparison.Ordinal)));
        Assert.Equal(2, texts.Count(text => string.Equals(text, "Not touched: the rollout was stopped before.", StringComparison.Ordinal)));
    }

    private List<string> Asked(string script) => [.. _room.Shell.Asked.Where(asked => string.Equals(asked.Script, script, StringComparison.Ordinal)).Select(asked => asked.Arguments[0]).Distinct(StringComparer.Ordinal)];

    // Each server is built by web1.
    private async Task AdoptAsync()
    {
        var files = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var name in new[] { "shop1", "shop2", "shop3", "shop4", "shop5" })
        {
            _servers.Add(await _room.AddServerAsync(name));
            files[$"servers/{name}/default.nix"] = [1];
        }

        var repository = await _repositories.OfAsync(_room.Server.OrganisationId);
        _commit = (await repository.CommitAsync(null, files, new CommitWords("Ann", "", _room.Clock.GetUtcNow(), "All of them", "")))!.Value.Text;
        await AddAsync(context =>
        {
            context.Users.Add(new Person { Id = _room.Ann.PersonId, UserName = "ann@example.org", Email = "ann@example.org", Name = _room.Ann.Name });
            context.Memberships.Add(new Membership { PersonId = _room.Ann.PersonId, OrganisationId = _room.Ann.OrganisationId, Role = _room.Ann.Role });
            context.ServerSources.AddRange(_servers.Select(server => new ServerSource { ServerId = server, OrganisationId = _room.Server.OrganisationId, Kind = SourceKind.Flake, FlakeName = "shop", BuilderId = _room.Server.Id, AdoptedAt = _room.Clock.GetUtcNow() }));
        });
    }

    private async Task<Guid> BeginAsync(IEnumerable<ServerId> servers)
    {
        var id = Guid.CreateVersion7();
        await AddAsync(context =>
        {
            context.Rollouts.Add(new Rollout { Id = id, OrganisationId = _room.Server.OrganisationId, Commit = _commit, Reason = "because", AuthorId = _room.Ann.PersonId, AuthorName = "Ann", StartedAt = _room.Clock.GetUtcNow(), State = RolloutState.Checking });
            context.RolloutServers.AddRange(servers.Select((server, at) => new RolloutServer { RolloutId = id, ServerId = server, OrganisationId = _room.Server.OrganisationId, Position = at, CheckId = Guid.CreateVersion7(), OperationId = Guid.CreateVersion7() }));
        });
        _rollouts.Follow(id);
        return id;
    }

    private async Task AddAsync(Action<DashboardContext> add)
    {
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            add(context);
            await context.SaveChangesAsync(Stop);
        }
    }

    // The clock is moved on by hand: what waits looks again at once.
    private Task UntilAsync(Func<bool> isSo, [CallerArgumentExpression(nameof(isSo))] string what = "") => Eventually.TrueAsync(isSo, _room.Clock, TimeSpan.FromSeconds(1), what);
}
