using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Operations;

public sealed class OutsideSwitchesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_switch_by_hand_stands_in_the_history_as_not_ours()
    {
        await using var room = await OperationRoom.OpenAsync();
        await using var watching = await Watching.StartAsync(room);

        room.Live(43);
        var row = await watching.NextAsync();

        Assert.Equal((OperationKind.Elsewhere, OperationState.Verified, 42, 43), (row.Kind, row.State, row.FromGeneration!.Value, row.TargetGeneration));
        Assert.Equal(("somebody on the server", Guid.Empty), (row.AuthorName, row.AuthorId));
    }

    [Fact]
    public async Task Our_own_rollback_is_not_written_down_twice()
    {
        await using var room = await OperationRoom.OpenAsync();
        await using var watching = await Watching.StartAsync(room);
        var request = room.To(41);
        await room.RollBack.RunAsync(room.Ann, request, Stop);
        room.Journal(request.Sheet, OperationRoom.Begin(request.Sheet, 41));
        room.Live(41);
        room.Journal(request.Sheet, OperationRoom.Done("verified", 41, 41));
        await room.UntilAsync(request.Sheet, o => o.Ended);
        await watching.UntilKnownAsync(request.Target);

        room.See(s => s with { Switch = null });
        room.Live(43);
        var row = await watching.NextAsync();

        Assert.Equal((41, 43), (row.FromGeneration!.Value, row.TargetGeneration));
        Assert.Equal(2, (await room.History.OfServerAsync(room.Ann, room.Server.Id, cancellationToken: Stop)).Count);
    }

    [Fact]
    public async Task A_restart_that_brings_up_another_system_says_so()
    {
        await using var room = await OperationRoom.OpenAsync();
        await using var watching = await Watching.StartAsync(room);

        room.Live(41, more: s => s with { Host = s.Host! with { BootId = Guid.NewGuid() } });

        Assert.Equal("a restart", (await watching.NextAsync()).AuthorName);
    }

    [Fact]
    public async Task Another_dashboards_switch_is_named_so()
    {
        await using var room = await OperationRoom.OpenAsync();
        await using var watching = await Watching.StartAsync(room);
        var foreign = Guid.NewGuid();

        room.Live(41, more: s => s with { Switch = new SwitchProgress(foreign, OperationRoom.SystemOf(41), [], []) });
        var row = await watching.NextAsync();

        Assert.Equal("another dashboard", row.AuthorName);
        Assert.Contains(foreign.ToString("D"), row.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_made_while_the_dashboard_was_away_is_found_at_its_next_start()
    {
        await using var room = await OperationRoom.OpenAsync();
        await using (var before = await Watching.StartAsync(room))
        {
            room.Live(43);
            await before.NextAsync();
        }

        room.Live(40);
        await using var watching = await Watching.StartAsync(room);

        Assert.Equal(40, (await watching.NextAsync()).TargetGeneration);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_cannot_be_asked_keeps_no_other_waiting(bool hangs)
    {
        await using var room = await OperationRoom.OpenAsync();
        var web2 = await room.AddServerAsync("web2");
        await using var watching = await Watching.StartAsync(room);
        await watching.UntilKnownAsync(OperationRoom.SystemOf(42), web2);
        var request = room.To(41);
        await room.RollBack.RunAsync(room.Ann, request, Stop);
        room.Live(41);
        Array.ForEach([OperationRoom.Begin(request.Sheet, 41), OperationRoom.Done("verified", 41, 41)], line => room.Journal(request.Sheet, line));
        await room.UntilAsync(request.Sheet, o => o.Ended);
        await watching.UntilKnownAsync(request.Target);
        using var answer = new ManualResetEventSlim();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        room.Shell.Answer = (script, _) =>
        {
            if (script != "operation.sh")
            {
                return [];
            }

            asked.TrySetResult();
            if (hangs)
            {
                answer.Wait(Stop);
            }

            throw new IOException("No space left on device");
        };

        room.Live(42, more: s => s with { Switch = null });
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        room.Fleet.Update(web2, s => s with { Pins = room.Fleet[room.Server.Id].Pins! with { Current = OperationRoom.SystemOf(43) } });

        await watching.UntilKnownAsync(OperationRoom.SystemOf(43), web2);
        Assert.Equal(OperationKind.Elsewhere, Assert.Single(await room.History.OfServerAsync(room.Ann, web2, cancellationToken: Stop)).Kind);
        answer.Set();
    }

    /// <summary>The watcher at work, and the rows that it adds.</summary>
    private sealed class Watching : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        private readonly SemaphoreSlim _changed = new(0);
        private readonly OperationRoom _room;
        private readonly IDisposable _rows;
        private readonly Task _run;
        private readonly HashSet<Guid> _seen;

        private Watching(OperationRoom room, HashSet<Guid> seen)
        {
            (_room, _seen) = (room, seen);
            _rows = room.Rows.Subscribe(_ => _changed.Release());
            var outside = new OutsideSwitches(room.Database, room.Fleet, room.Rows, room.Standing, room.Ledger.Writer, room.Clock, NullLogger<OutsideSwitches>.Instance);
            _run = outside.RunAsync(_stop.Token);
            Outside = outside;
        }

        private OutsideSwitches Outside { get; }

        public static async Task<Watching> StartAsync(OperationRoom room)
        {
            var rows = await room.History.OfServerAsync(room.Ann, room.Server.Id);
            var watching = new Watching(room, [.. rows.Select(r => r.Id)]);
            room.See(s => s with { HeardAt = room.Clock.GetUtcNow() });
            await watching.UntilAsync(known => known is not null);
            return watching;
        }

        public Task UntilKnownAsync(StorePath system, ServerId? server = null) => UntilAsync(known => known == system, server);

        private async Task UntilAsync(Func<StorePath?, bool> reached, ServerId? server = null)
        {
            for (var turn = 0; !reached(Outside.Known(server ?? _room.Server.Id)); turn++)
            {
                Assert.True(turn < 400, "The watch has not taken notice.");
                await _changed.WaitAsync(TimeSpan.FromMilliseconds(50));
            }
        }

        public async Task<Operation> NextAsync()
        {
            while (true)
            {
                var rows = await _room.History.OfServerAsync(_room.Ann, _room.Server.Id);
                if (rows.FirstOrDefault(r => r.Kind == OperationKind.Elsewhere && _seen.Add(r.Id)) is { } row)
                {
                    return row;
                }

                Assert.True(await _changed.WaitAsync(TimeSpan.FromSeconds(20)), "No row came.");
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run);
            _rows.Dispose();
            _stop.Dispose();
            _changed.Dispose();
        }
    }
}
