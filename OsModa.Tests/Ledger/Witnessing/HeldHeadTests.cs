using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
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
        var (server, planting) = New();
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
        var (server, planting) = New();
        await GrowAsync(5);
        Assert.True(planting.IsDue(server.Id));
        await planting.PlantAsync(server, Stop);

        _ledger.Clock.Set(TimeSpan.FromDays(-365));
        Assert.False(planting.IsDue(server.Id));
        _ledger.Clock.Advance(HeadPlanting.Pause);

        Assert.True(planting.IsDue(server.Id));
    }

    [Theory]
    [InlineData("3 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("99999 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("nonsense")]
    public async Task A_line_that_somebody_made_up_on_the_server_contradicts_nothing_and_heads_go_on_being_kept(string line)
    {
        var (server, planting) = New();
        await GrowAsync(5);
        await planting.PlantAsync(server, Stop);
        await File.AppendAllTextAsync(Held, line + "\n", Stop);

        await GrowAsync(5);
        await planting.PlantAsync(server, Stop);

        var held = Assert.Single(planting.Of([server.Id]));
        Assert.Equal((10, null), (held.Size, held.Trouble));
        Assert.StartsWith("It holds a line that is no head which this ledger signed", held.Warning, StringComparison.Ordinal);
        Assert.Equal(3, (await File.ReadAllLinesAsync(Held, Stop)).Length);
        Assert.Empty(Told());
    }

    [Fact]
    public async Task A_line_of_the_former_format_that_fits_is_no_matter()
    {
        var (server, planting) = New();
        await GrowAsync(5);
        Assert.True(Checkpoint.TryParse(_ledger.Queries.Heads(TestLedger.Ours)[0].Note!.Text, out var head));
        await planting.PlantAsync(server, Stop);
        await File.WriteAllTextAsync(Held, $"5 {head.Root.ToBase64()}\n", Stop);

        await planting.PlantAsync(server, Stop);

        var held = Assert.Single(planting.Of([server.Id]));
        Assert.Equal((null, null), (held.Trouble, held.Warning));
    }

    [Fact]
    public async Task A_head_that_was_signed_over_another_root_contradicts_and_is_kept_as_evidence()
    {
        var (server, planting) = New();
        await GrowAsync(5);
        await planting.PlantAsync(server, Stop);
        using var key = _ledger.Store.Keys.LoadOrMake(_ledger.Key.Name);
        var other = SignedNote.Sign(new Checkpoint(key.Name, 3, TreeHash.Zero).ToString(), key);
        await File.AppendAllTextAsync(Held, KeptHead.LineOf(other) + "\n", Stop);

        await planting.PlantAsync(server, Stop);
        await planting.PlantAsync(server, Stop);

        Assert.StartsWith("It holds another head of 3 entries", Assert.Single(planting.Of([server.Id])).Trouble, StringComparison.Ordinal);
        Assert.Equal(other.ToString(), Assert.Single(Told()).Action!.Details["note"]);
        var longer = SignedNote.Sign(new Checkpoint(key.Name, 99_999, TreeHash.Zero).ToString(), key);
        await File.WriteAllTextAsync(Held, KeptHead.LineOf(longer) + "\n", Stop);
        await planting.PlantAsync(server, Stop);
        Assert.Equal(2, Told().Count);
        Assert.Single(await File.ReadAllLinesAsync(Held, Stop));    // nothing is put after it
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Held => Assert.Single(Directory.GetFiles(Path.Combine(_folder, "osmoda-dashboard", "heads")));

    private (Server Server, HeadPlanting Planting) New() => (
        new Server { Id = new ServerId(TestLedger.Server), OrganisationId = TestLedger.Ours, Name = "web1", Address = "192.0.2.1", Login = "root", AddedAt = DateTimeOffset.UnixEpoch },
        new HeadPlanting(_ledger.Store, null!, null!, (_, _) => ValueTask.FromResult<IRemoteShell>(new LocalShell(Path.Combine(_folder, "osmoda"))), _ledger.Writer, _ledger.Clock, NullLogger<HeadPlanting>.Instance));

    private IReadOnlyList<LedgerLine> Told() => _ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = "ledger.head-contradicted" }).Lines;

    private async Task GrowAsync(int more)
    {
        await _ledger.ActAsync(more);
        await _ledger.SignAsync();
    }
}
