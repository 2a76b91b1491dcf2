using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Observation;

public sealed class ClosureWatchTests
{
    [Fact]
    public async Task What_nobody_thought_of_does_not_end_the_watch()
    {
        var (clock, fleet, asked) = (new HandClock(), new Fleet(), 0);
        var server = new Server { Id = ServerId.New(), OrganisationId = Guid.NewGuid(), Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch };
        var system = StorePath.Parse("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-24.05");
        fleet.Update(server.Id, state => state with { Reach = Reach.Live, Generations = [new Generation { Number = 1, System = system, ActivatedAt = DateTimeOffset.UnixEpoch }] });
        using var measuring = new SemaphoreSlim(1);
        using var stop = new CancellationTokenSource();
        var watch = new ClosureWatch(server, fleet, Broken, measuring, clock, NullLogger.Instance);

        var running = watch.RunAsync(null!, stop.Token);
        await Eventually.TrueAsync(() =>
        {
            Assert.False(running.IsCompleted);
            watch.Measure();
            clock.Advance(TimeSpan.FromSeconds(2));
            return Volatile.Read(ref asked) >= 2;
        });

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        ValueTask<IRemoteShell> Broken(ServerId id, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            throw new OverflowException();
        }
    }
}
