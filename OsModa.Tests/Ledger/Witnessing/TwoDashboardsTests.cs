using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Dashboard.Api;
using Xunit;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>Two ledgers that witness each other over real HTTP, through the endpoint of the product.</summary>
public sealed class TwoDashboardsTests : IAsyncDisposable
{
    private readonly TestLedger _north = new();
    private readonly TestLedger _south = new();
    private readonly List<WebApplication> _hosts = [];
    private readonly HttpClient _http = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_cosigns_the_others_heads_and_keeps_what_it_got_beside_its_own()
    {
        await GrowAsync(_north, 3);
        await GrowAsync(_south, 4);
        var (north, south) = (Witness(_north, _south.Key), Witness(_south, _north.Key));
        var northern = await ClientAsync(_north, south);
        var southern = await ClientAsync(_south, north);

        await northern.SendAsync(Stop);
        await southern.SendAsync(Stop);
        await GrowAsync(_north, 300);
        await northern.SendAsync(Stop);

        var state = northern.States(TestLedger.Ours).Single();
        Assert.Equal((south.Key.Name, 303, null), (state.Witness, state.Size, state.Trouble));
        Assert.Equal(4, southern.States(TestLedger.Ours).Single().Size);
        var note = _north.Queries.State(TestLedger.Ours)!.Newest!;
        Assert.Equal([_north.Key.Name, south.Key.Name], note.Check([_north.Key, south.Key])!.Value.Select(key => key.Name));
    }

    [Fact]
    public async Task A_ledger_that_was_put_back_is_told_that_its_witness_knows_more()
    {
        await GrowAsync(_north, 3);
        var south = Witness(_south, _north.Key);
        var client = await ClientAsync(_north, south);
        var old = await File.ReadAllBytesAsync(_north.Settings.File, Stop);
        await GrowAsync(_north, 5);
        await client.SendAsync(Stop);

        // All of it is exchanged, what guards it too: only the witness remembers.
        await _north.ReopenAsync(() =>
        {
            File.Delete(_north.Settings.File + "-wal");
            File.Delete(_north.Settings.File + "-shm");
            File.WriteAllBytes(_north.Settings.File, old);
            Directory.Delete(_north.Settings.GuardFolder, recursive: true);
        });
        await GrowAsync(_north, 1);
        var again = await ClientAsync(_north, south);
        await again.SendAsync(Stop);

        Assert.Contains("has cosigned more entries", again.States(TestLedger.Ours).Single().Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_witness_that_lies_or_is_away_is_said_so_and_nothing_of_it_is_kept()
    {
        await GrowAsync(_north, 3);
        using var impostor = SignerKey.Generate("witness.example/w");
        var away = new WitnessClient(_north.Store, _north.Publisher, new WitnessSettings([new OutsideWitness(new Uri("http://127.0.0.1:9/"), impostor.WitnessVerifier)], []), _north.Writer, _http, TimeProvider.System, NullLogger<WitnessClient>.Instance);
        await away.SendAsync(Stop);
        Assert.Equal("It cannot be reached.", away.States(TestLedger.Ours).Single().Trouble);

        var south = Witness(_south, _north.Key);
        var address = await HostAsync(south);
        var lying = new WitnessClient(_north.Store, _north.Publisher, new WitnessSettings([new OutsideWitness(address, impostor.WitnessVerifier)], []), _north.Writer, _http, TimeProvider.System, NullLogger<WitnessClient>.Instance);
        await lying.SendAsync(Stop);

        var state = lying.States(TestLedger.Ours).Single();
        Assert.Equal((0, "Its answer is no cosignature by the key that is configured."), (state.Size, state.Trouble));
    }

    [Theory]
    [InlineData("3\n", WitnessClient.OtherHistory)]
    [InlineData("0\n", WitnessClient.OtherHistory)]
    [InlineData("Conflict", WitnessClient.OtherHistory)]
    [InlineData("9\n", WitnessClient.OlderLedger)]
    public async Task What_a_witness_contradicts_is_understood_and_stands_in_the_ledger_once(string answer, string trouble)
    {
        await GrowAsync(_north, 3);
        using var key = SignerKey.Generate("witness.example/w");
        using var http = new HttpClient(new Conflict(answer));
        var client = new WitnessClient(_north.Store, _north.Publisher, new WitnessSettings([new OutsideWitness(new Uri("http://witness.example/"), key.WitnessVerifier)], []), _north.Writer, http, TimeProvider.System, NullLogger<WitnessClient>.Instance);

        await client.SendAsync(Stop);
        await client.SendAsync(Stop);

        var state = client.States(TestLedger.Ours).Single();
        Assert.Equal((trouble, true), (state.Trouble, state.IsContradiction));
        Assert.Equal($"witness.example/w: {trouble}", Assert.Single(_north.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = WitnessClient.Contradicted }).Lines).Action!.Text);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        _http.Dispose();
        await _north.DisposeAsync();
        await _south.DisposeAsync();
    }

    private static Witness Witness(TestLedger of, VerifierKey log) => new(of.Store, new WitnessSettings([], [log]), of.Settings, of.Clock, NullLogger<Witness>.Instance);

    private static async Task GrowAsync(TestLedger ledger, int more)
    {
        await ledger.ActAsync(more);
        await ledger.SignAsync();
    }

    private async Task<WitnessClient> ClientAsync(TestLedger ledger, Witness witness) => new(
        ledger.Store, ledger.Publisher, new WitnessSettings([new OutsideWitness(await HostAsync(witness), witness.Key)], []), ledger.Writer, _http, TimeProvider.System, NullLogger<WitnessClient>.Instance);

    private async Task<Uri> HostAsync(Witness witness)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(witness).AddRateLimiter(static limiter => limiter.AddPolicy("witnessing", static _ => System.Threading.RateLimiting.RateLimitPartition.GetNoLimiter("")));
        var host = builder.Build();
        host.UseRateLimiter();
        host.MapWitness();
        await host.StartAsync(Stop);
        _hosts.Add(host);
        return new Uri(host.Urls.First() + WitnessEndpoint.Prefix + "/");
    }

    private sealed class Conflict(string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.Conflict) { Content = new StringContent(body) });
    }
}
