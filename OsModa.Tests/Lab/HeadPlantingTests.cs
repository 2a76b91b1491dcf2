using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Servers;
using OsModa.Tests.Ledger;
using OsModa.Tests.Storage;
using Xunit;

namespace OsModa.Tests.Lab;

[Trait("Tier", "lab")]
public sealed class HeadPlantingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_keeps_signed_heads_and_contradicts_a_ledger_that_was_rewritten_since()
    {
        await using var lab = await LedgerLab.UpAsync();
        await using var room = await TemporaryDatabase.OpenAsync();
        var planting = New(lab, room);
        await lab.Ledger.ActAsync(5);
        await lab.Ledger.SignAsync();
        await planting.PlantAsync(lab.Server, Stop);
        await lab.Ledger.ActAsync(300);
        await lab.Ledger.SignAsync();
        await planting.PlantAsync(lab.Server, Stop);
        await planting.PlantAsync(lab.Server, Stop);

        var held = Assert.Single(planting.Of([lab.Server.Id]));
        Assert.Null(held.Trouble);
        var kept = (await lab.Machine.ShellAsync("cat /var/lib/osmoda-dashboard/heads/*")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, kept.Length);
        Assert.Contains($"\n{held.Size}\n", Encoding.UTF8.GetString(Convert.FromBase64String(kept[1])), StringComparison.Ordinal);

        // As if the ledger had been another one when the server was given its head.
        await HoldsAsync(lab, 3);
        await planting.PlantAsync(lab.Server, Stop);

        Assert.Contains("another head of 3 entries", Assert.Single(planting.Of([lab.Server.Id])).Trouble, StringComparison.Ordinal);
        Assert.Single(lab.Ledger.Queries.Page(TestLedger.Ours, new LedgerFilter { Type = "ledger.head-contradicted" }).Lines);

        await HoldsAsync(lab, 99_999);
        await planting.PlantAsync(lab.Server, Stop);
        Assert.Contains("the ledger was cut", Assert.Single(planting.Of([lab.Server.Id])).Trouble, StringComparison.Ordinal);
    }

    private static async Task HoldsAsync(LedgerLab lab, long size)
    {
        using var key = lab.Ledger.Store.Keys.LoadOrMake(lab.Ledger.Key.Name);
        var line = KeptHead.LineOf(SignedNote.Sign(new Checkpoint(key.Name, size, TreeHash.Zero).ToString(), key));
        await lab.Machine.ShellAsync($"cd /var/lib/osmoda-dashboard/heads; f=$(ls); printf '%s\\n' {line} >$f");
    }

    private static HeadPlanting New(LedgerLab lab, TemporaryDatabase room) => new(
        lab.Ledger.Store, lab.Fleet, new ServerDirectory(room.Database), async (_, _) => await lab.ShellAsync(), lab.Ledger.Writer, TimeProvider.System, NullLogger<HeadPlanting>.Instance);
}
