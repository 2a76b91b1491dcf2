using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Tests.Ledger.Mirror;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>The script that leaves heads on a server, run here.</summary>
public sealed class HeldHeadTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("heads-").FullName;
    private readonly TestLedger _ledger = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_cannot_write_holds_nothing_until_it_can_again()
    {
        var server = new Server { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch };
        var planting = new HeadPlanting(_ledger.Store, null!, null!, (_, _) => ValueTask.FromResult<IRemoteShell>(new LocalShell(Path.Combine(_folder, "osmoda"))), _ledger.Writer, _ledger.Clock, NullLogger<HeadPlanting>.Instance);
        await GrowAsync(5);
        await planting.PlantAsync(server, Stop);
        Assert.Equal(5, Assert.Single(planting.Of([server.Id])).Size);

        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "osmoda-dashboard", "heads")));
        Directory.CreateDirectory(file + ".new");
        await GrowAsync(5);
        await planting.PlantAsync(server, Stop);
        Assert.Empty(planting.Of([server.Id]));

        Directory.Delete(file + ".new");
        await planting.PlantAsync(server, Stop);
        var held = Assert.Single(planting.Of([server.Id]));
        Assert.Equal((10, null), (held.Size, held.Trouble));
    }

    [Fact]
    public async Task After_its_pause_a_server_is_given_a_head_also_when_the_clock_was_set_back_meanwhile()
    {
        var server = new Server { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch };
        var planting = new HeadPlanting(_ledger.Store, null!, null!, (_, _) => ValueTask.FromResult<IRemoteShell>(new LocalShell(Path.Combine(_folder, "osmoda"))), _ledger.Writer, _ledger.Clock, NullLogger<HeadPlanting>.Instance);
        await GrowAsync(5);
        Assert.True(planting.IsDue(server.Id));
        await planting.PlantAsync(server, Stop);

        _ledger.Clock.Set(TimeSpan.FromDays(-365));
        Assert.False(planting.IsDue(server.Id));
        _ledger.Clock.Advance(HeadPlanting.Pause);

        Assert.True(planting.IsDue(server.Id));
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task GrowAsync(int more)
    {
        await _ledger.ActAsync(more);
        await _ledger.SignAsync();
    }
}
