using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class ObserverTests : IAsyncDisposable
{
    private readonly HandClock _clock = new();
    private readonly Fleet _fleet = new();
    private readonly FedShell _shell = new();
    private readonly ServerId _server = ServerId.New();
    private readonly ConcurrentQueue<ServerId> _released = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(2);
    private readonly Observer _observer;
    private readonly Task _running;

    public ObserverTests()
    {
        _observer = New(_server, _shell);
        _running = _observer.RunAsync(_stop.Token);
    }

    [Fact]
    public async Task A_snapshot_shows_when_it_is_whole()
    {
        var run = await _shell.NextAsync();
        var versions = new ConcurrentQueue<int>();
        using var subscription = _fleet.Subscribe(_ => versions.Enqueue(_fleet[_server].Units.Count));
        var line = new FrameLines();
        run.Say(line.Hello(), line["begin", "units", "1"], line["unit", "a.service", "ActiveState=active"], line["unit", "b.service", "ActiveState=active"], line["end", "units", "2"]);
        run.Say(line.Of('b', "unit", "c.service", "ActiveState=active"));

        run.Say(line["begin", "snapshot", "1"], line["end", "snapshot", "0"]);

        var state = await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live);
        Assert.Equal(3, state.Units.Count);
        Assert.DoesNotContain(1, versions);
        Assert.DoesNotContain(2, versions);
    }

    [Fact]
    public async Task A_change_shows_at_once()
    {
        var run = await _shell.NextAsync();
        var line = run.Greet();
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live);

        run.Say(line.Of('b', "unit", "a.service", "ActiveState=failed"));

        await _fleet.UntilAsync(_server, s => s.Health == ServerHealth.Failed);
    }

    [Fact]
    public async Task Five_seconds_of_silence_are_a_lost_server_and_close_its_connections()
    {
        var run = await _shell.NextAsync();
        var line = run.Greet();
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live);
        _clock.Advance(TimeSpan.FromSeconds(4));
        run.Say(line["beat", "1"]);
        await _fleet.UntilHeardAsync(_server, _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(Reach.Live, _fleet[_server].Reach);

        _clock.Advance(TimeSpan.FromSeconds(1.2));

        var state = await _fleet.UntilAsync(_server, s => s.Reach == Reach.Lost);
        Assert.Equal((ConnectionFaultKind.Lost, ServerHealth.Stale, 1), (state.Fault!.Kind, state.Health, state.Units.Count));
        Assert.Contains(_server, _released);
        Assert.True(run.Disposed);
    }

    [Fact]
    public async Task A_lost_server_is_tried_again_and_comes_back()
    {
        var run = await _shell.NextAsync();
        run.Greet();
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live);
        run.End(new ConnectionException(new ConnectionFault(ConnectionFaultKind.Lost, "Gone.")));
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Lost);

        var again = await NextAfterPauseAsync();
        again.Greet("failed");

        Assert.Equal(ServerHealth.Failed, (await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live)).Health);
    }

    [Fact]
    public async Task What_an_unfinished_snapshot_told_is_forgotten()
    {
        var run = await _shell.NextAsync();
        run.Greet();
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live);
        run.End();
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Lost);

        var second = await NextAfterPauseAsync();
        var line = new FrameLines("aaaaaaaa");
        second.Say(line.Hello(), line["begin", "snapshot", "1"]);
        second.End();
        await Task.Run(async () => await NextAfterPauseAsync());

        Assert.Equal(["a.service"], _fleet[_server].Units.Keys.Select(u => u.Text));
        Assert.Null(_fleet[_server].LastChange);
    }

    [Fact]
    public async Task A_changed_host_key_stops_all_until_a_person_says_otherwise()
    {
        var run = await _shell.NextAsync();
        run.Greet();
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live);
        _shell.Fault = new ConnectionFault(ConnectionFaultKind.HostKeyChanged, "Another key.");
        run.End();
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Lost);
        await AdvanceUntilAsync(() => _fleet[_server].Reach == Reach.Stopped);
        var starts = _shell.Starts;
        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(starts, _shell.Starts);

        _shell.Fault = null;
        _observer.Retry();

        (await _shell.NextAsync()).Greet();
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live);
    }

    [Fact]
    public async Task A_torn_stream_is_begun_anew_at_once_without_calling_the_server_lost()
    {
        var run = await _shell.NextAsync();
        var line = run.Greet();
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live);
        var reaches = new ConcurrentQueue<Reach>();
        using var subscription = _fleet.Subscribe(_ => reaches.Enqueue(_fleet[_server].Reach));
        line["beat", "1"].ToString();

        run.Say(line["beat", "2"]);
        (await _shell.NextAsync()).Greet("failed");

        await _fleet.UntilAsync(_server, s => s.Health == ServerHealth.Failed);
        Assert.All(reaches, reach => Assert.Equal(Reach.Live, reach));
    }

    [Fact]
    public async Task A_server_that_talks_nonsense_is_not_listened_to_for_long()
    {
        var run = await _shell.NextAsync();
        for (var i = 0; i < 600; i++)
        {
            run.Say("what is this"u8.ToArray());
        }

        var state = await _fleet.UntilAsync(_server, s => s.Fault is not null);

        Assert.Equal(ConnectionFaultKind.Misbehaving, state.Fault!.Kind);
        Assert.Equal(ServerHealth.Unknown, state.Health);
    }

    [Fact]
    public async Task A_server_that_floods_is_not_listened_to_for_long()
    {
        var run = await _shell.NextAsync();
        run.Greet();
        var line = new byte[60_000];
        "=x b 5f3a9c01:1:"u8.CopyTo(line);
        for (var i = 0; i < 2_000; i++)
        {
            run.Say(line);
        }

        Assert.Equal(ConnectionFaultKind.Misbehaving, (await _fleet.UntilAsync(_server, s => s.Fault is not null)).Fault!.Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_login_that_could_only_look_is_let_in_anew_once_it_may_act(bool asked)
    {
        var watched = await _shell.NextAsync();
        var line = watched.Greet(mayAct: false);
        await _fleet.UntilAsync(_server, s => s.Reach == Reach.Live);
        var reaches = new ConcurrentQueue<Reach>();
        using var subscription = _fleet.Subscribe(_ => reaches.Enqueue(_fleet[_server].Reach));

        if (asked)
        {
            _observer.Retry();
        }
        else
        {
            await BeatUntilAsync(() => _shell.Starts == 2);
        }

        var refused = await _shell.NextAsync();
        refused.Say("uid=1000"u8.ToArray(), "sudo=no"u8.ToArray(), "done=yes"u8.ToArray());
        refused.End();
        await BeatUntilAsync(() => _shell.Starts == 3);
        Assert.False(watched.Disposed);
        var allowed = await _shell.NextAsync();
        allowed.Say("uid=1000"u8.ToArray(), "sudo=yes"u8.ToArray(), "done=yes"u8.ToArray());
        allowed.End();
        (await _shell.NextAsync()).Greet();

        await _fleet.UntilAsync(_server, s => s.Host!.MayAct);
        Assert.True(watched.Disposed);
        Assert.Contains(_server, _released);
        Assert.All(reaches, reach => Assert.Equal(Reach.Live, reach));

        async Task BeatUntilAsync(Func<bool> come)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            // The question has a limit by the same clock: what asks gets some real time for each of its seconds.
            for (var beat = 0; !SpinWait.SpinUntil(come, TimeSpan.FromMilliseconds(20)); beat++)
            {
                patience.Token.ThrowIfCancellationRequested();
                _clock.Advance(TimeSpan.FromSeconds(1));
                watched.Say(line["beat", $"{beat}"]);
                await _fleet.UntilHeardAsync(_server, _clock.GetUtcNow());
            }
        }
    }

    [Fact]
    public async Task Servers_that_hang_do_not_keep_others_from_being_connected()
    {
        await _shell.NextAsync();
        var hanging = Enumerable.Range(0, 10).Select(_ => (ServerId.New(), new FedShell { Hang = Task.Delay(Timeout.InfiniteTimeSpan, _clock, _stop.Token) })).ToList();
        var good = ServerId.New();
        var goodShell = new FedShell();
        var all = hanging.Select(h => New(h.Item1, h.Item2).RunAsync(_stop.Token)).ToList();
        all.Add(New(good, goodShell).RunAsync(_stop.Token));

        await AdvanceUntilAsync(() => goodShell.Starts == 1, TimeSpan.FromSeconds(1));
        (await goodShell.NextAsync()).Greet();

        await _fleet.UntilAsync(good, s => s.Reach == Reach.Live);
        await _stop.CancelAsync();
        await Task.WhenAll(all);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _places.Dispose();
        _stop.Dispose();
    }

    private Observer New(ServerId server, FedShell shell) => new(server, new ObserverTools(
        _fleet,
        (_, _) => ValueTask.FromResult<IRemoteShell>(shell),
        id =>
        {
            _released.Enqueue(id);
            return ValueTask.CompletedTask;
        },
        _places,
        _clock,
        NullLogger.Instance));

    private async Task<FedRun> NextAfterPauseAsync()
    {
        var starts = _shell.Starts;
        await AdvanceUntilAsync(() => _shell.Starts > starts);
        return await _shell.NextAsync();
    }

    // Timers are set by other threads, so the clock is moved again until what it is to bring about has come.
    private Task AdvanceUntilAsync(Func<bool> come, TimeSpan? step = null, [CallerArgumentExpression(nameof(come))] string what = "") =>
        Eventually.TrueAsync(come, _clock, step ?? TimeSpan.FromSeconds(2), what);
}
