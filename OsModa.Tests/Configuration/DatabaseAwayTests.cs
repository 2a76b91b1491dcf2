using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OsModa.Core.Configuration;
using OsModa.Core.Operations;
using OsModa.Core.Ssh;
using OsModa.Core.Storage;
using OsModa.Tests.Operations;
using Xunit;

namespace OsModa.Tests.Configuration;

/// <summary>A database that takes nothing for a moment loses neither the end of checks nor a step of a rollout.</summary>
public sealed class DatabaseAwayTests : IAsyncDisposable
{
    private const string System = "/nix/store/00000000000000000000000000000000-nixos-system-web1-25.05";
    private static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(30);

    private readonly OperationRoom _room = OperationRoom.OpenAsync().GetAwaiter().GetResult();
    private readonly FirstError<CheckWatch> _checkLog = new();
    private readonly FirstError<RolloutWatch> _rolloutLog = new();
    private readonly CheckWatch _checks;
    private readonly RolloutWatch _rollouts;

    public DatabaseAwayTests()
    {
        var repositories = new ConfigurationRepositories(new StorageSettings { Folder = Directory.CreateTempSubdirectory("osmoda-away-").FullName });
        var rows = new CheckRows(_room.Database, _room.Ledger.Writer, _room.Clock);
        _checks = new CheckWatch(_room.Fleet, Shells, rows, new CheckHistory(_room.Database), new CopyClosure(Shells), repositories, _room.Clock, _checkLog);
        var check = new RunCheck(_room.Database, _room.Fleet, Shells, repositories, _checks, rows, _room.Ledger.Writer, _room.Clock);
        var begin = new BeginOperation(_room.Database, Shells, _room.Watch, _room.Ledger.Writer, _room.Clock);
        var deploy = new DeployChecked(_room.Database, _room.Fleet, _room.History, _room.Quarantines, begin, repositories, _room.Clock);
        _rollouts = new RolloutWatch(_room.Fleet, new RolloutRows(_room.Database, _room.Ledger.Writer, _room.Clock), check, _checks, deploy, _room.History, _room.Clock, _rolloutLog);
        _room.Shell.Answer = (script, _) => script == "follow-check.sh" ? ["1.00\tbegin", $"2.00\tsystem\t{System}", "3.00\tdone\tpassed\t"] : [];
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ShellOf Shells => (_, _) => ValueTask.FromResult<IRemoteShell>(_room.Shell);

    public async ValueTask DisposeAsync()
    {
        await _rollouts.DisposeAsync();
        await _checks.DisposeAsync();
        await _room.DisposeAsync();
    }

    [Fact]
    public async Task Checks_that_have_passed_are_written_down_when_the_database_is_back()
    {
        var run = new CheckRun
        {
            Id = Guid.CreateVersion7(), OrganisationId = _room.Server.OrganisationId, ServerId = _room.Server.Id, Commit = new string('a', 40), IsDraft = false, AuthorId = _room.Ann.PersonId, AuthorName = "Ann", StartedAt = _room.Clock.GetUtcNow(),
        };
        await AddAsync(context => context.CheckRuns.Add(run));
        await AwayAsync("CheckRuns");
        _checks.Follow(run);
        await _checkLog.Told.WaitAsync(Ceiling, Stop);
        await BackAsync();

        var ended = await UntilAsync(context => context.CheckRuns.AsNoTracking().Where(r => r.Id == run.Id && r.State != CheckState.Running));

        Assert.Equal((CheckState.Passed, System), (ended.State, ended.System));
    }

    [Fact]
    public async Task A_rollout_goes_on_when_the_database_is_back_and_can_be_followed_again()
    {
        var rollout = new Rollout { Id = Guid.CreateVersion7(), OrganisationId = _room.Server.OrganisationId, Commit = new string('a', 40), Reason = "because", AuthorId = _room.Ann.PersonId, AuthorName = "Ann", StartedAt = _room.Clock.GetUtcNow(), State = RolloutState.Checking };
        await AddAsync(context => context.Rollouts.Add(rollout));
        await AwayAsync("Rollouts");
        _rollouts.Follow(rollout.Id);
        await _rolloutLog.Told.WaitAsync(Ceiling, Stop);
        await BackAsync();

        var ended = await UntilAsync(context => context.Rollouts.AsNoTracking().Where(r => r.Id == rollout.Id && r.State != RolloutState.Checking));

        Assert.Equal((RolloutState.Stopped, "Ann may not change servers any more."), (ended.State, ended.Outcome));
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

    private Task AwayAsync(string table) => ExecuteAsync($"CREATE TRIGGER away BEFORE UPDATE ON \"{table}\" BEGIN SELECT RAISE(ABORT, 'away'); END");

    private Task BackAsync() => ExecuteAsync("DROP TRIGGER away");

    private async Task ExecuteAsync(string sql)
    {
        var context = _room.Database.OpenForAll();
        await using (context)
        {
            await context.Database.ExecuteSqlRawAsync(sql, Stop);
        }
    }

    // The clock is moved on by hand: what waits tries again at once.
    private Task<T> UntilAsync<T>(Func<DashboardContext, IQueryable<T>> wanted)
        where T : class
    {
        return Eventually.GotAsync(FindAsync, _room.Clock, TimeSpan.FromSeconds(1), static () => Task.FromResult("it never ended"));

        async Task<T?> FindAsync()
        {
            var context = _room.Database.OpenForAll();
            await using (context)
            {
                return await wanted(context).SingleOrDefaultAsync(Stop);
            }
        }
    }

    private sealed class FirstError<T> : ILogger<T>
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes with the first error that is logged.</summary>
        public Task Told => _told.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
            {
                _told.TrySetResult();
            }
        }
    }
}
