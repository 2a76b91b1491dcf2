using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Accounts;
using OsModa.Core.Configuration;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Configuration.Remotes;

/// <summary>Fetching in the background, with a clock moved by hand.</summary>
public sealed class RemoteWatchTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private RemoteRoom _room = null!;

    public async ValueTask InitializeAsync() => _room = await RemoteRoom.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        await _room.DisposeAsync();
    }

    [Fact]
    public async Task What_is_pushed_there_is_here_within_a_minute_or_two_without_anybody_asking()
    {
        await _room.ConnectAsync();
        var running = Watch().RunAsync(_stop.Token);
        var pushed = await RemoteRoom.SaveAsync(await _room.TheirSettingsAsync(), "x", 1);

        await UntilAsync(async () => await (await _room.OursAsync()).HeadAsync() == pushed.Commit);

        Assert.InRange(_room.Clock.GetUtcNow() - (await _room.StateAsync()).Remote.ConnectedAt, TimeSpan.Zero, TimeSpan.FromMinutes(2));
        await EndAsync(running);
    }

    [Fact]
    public async Task One_that_takes_its_time_keeps_nobody_else_waiting()
    {
        await _room.ConnectAsync();
        var other = await _room.SomebodyAsync(Role.Owner, sameOrganisation: false);
        Assert.True((await _room.Connect.RunAsync(other, RemoteRoom.Form with { Branch = "other" }, RemoteRoom.Keys, RemoteRoom.Stop)).Done);
        var pushed = await RemoteRoom.SaveAsync(await _room.TheirSettingsAsync(), "x", 1);
        await RemoteRoom.GitAsync(_room.Theirs, "update-ref", "refs/heads/other", pushed.Commit!.Value.Text);
        var slow = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = (await _room.OursAsync()).AloneAsync(() => slow.Task);

        var running = Watch().RunAsync(_stop.Token);
        await UntilAsync(async () => await (await _room.Repositories.OfAsync(other.OrganisationId)).HeadAsync() == pushed.Commit);

        Assert.Null(await (await _room.OursAsync()).HeadAsync());
        slow.SetResult(true);
        Assert.True(await held);
        await UntilAsync(async () => await (await _room.OursAsync()).HeadAsync() == pushed.Commit);
        await EndAsync(running);
    }

    [Fact]
    public async Task One_that_is_away_is_told_once_asked_again_and_its_return_is_seen()
    {
        await _room.ConnectAsync();
        var heard = 0;
        using var news = _room.News.Subscribe(_ => Interlocked.Increment(ref heard));
        _room.Away = new ConnectionFault(ConnectionFaultKind.Unreachable, "There is no way to it.");
        var running = Watch().RunAsync(_stop.Token);

        await UntilAsync(async () => (await _room.StateAsync()).Remote.Fault is not null);
        var since = (await _room.StateAsync()).Remote.FaultSince;
        var visits = _room.Visits;
        await UntilAsync(() => Task.FromResult(_room.Visits > visits + 1));
        Assert.Equal(since, (await _room.StateAsync()).Remote.FaultSince);
        Assert.True((await _room.StateAsync()).IsStale(_room.Clock.GetUtcNow()));
        Assert.DoesNotContain(_room.Ledger, line => line.Action?.Verb == "configuration.remote.moved");

        _room.Away = null;
        await UntilAsync(async () => (await _room.StateAsync()).Remote.Fault is null);
        Assert.False((await _room.StateAsync()).IsStale(_room.Clock.GetUtcNow()));
        Assert.True(heard > 2);
        await EndAsync(running);
    }

    private RemoteWatch Watch() => new(_room.Remotes, _room.Repositories, _room.Clock, NullLogger<RemoteWatch>.Instance);

    private async Task EndAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }

    // Git takes real time; the clock goes on only as far as that allows.
    private Task UntilAsync(Func<Task<bool>> seen, [CallerArgumentExpression(nameof(seen))] string what = "") => Eventually.TrueAsync(seen, _room.Clock, TimeSpan.FromMilliseconds(500), what);
}
