using Bunit;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Dashboard.Pages.Audit;
using Xunit;

namespace OsModa.Tests.Pages;

/// <summary>What is said of who vouches for the ledger.</summary>
public sealed class LedgerVerdictTests : PageRoom
{
    private static readonly DateTimeOffset Signed = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(40, 5_000, "Witnessed by w.example , up to entry 39.", false)]
    [InlineData(30, 59, "Witnessed by w.example , up to entry 29.", false)]
    [InlineData(30, 60, "Last witnessed by w.example on , at 30 entries. It cannot be reached.", true)]
    [InlineData(0, 0, "Nobody but this dashboard vouches for it.", false)]
    public void A_witness_vouches_for_as_much_as_it_cosigned_lately(long size, int minutesBefore, string says, bool isWarning)
    {
        var witness = new WitnessState("w.example", size, size == 0 ? null : Signed - TimeSpan.FromMinutes(minutesBefore), "It cannot be reached.");

        var verdict = Verdict(witness);

        Assert.Equal($"All 40 entries verify. All of them are signed. {says}", string.Join(' ', verdict.Find(".verdict").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(isWarning, verdict.FindAll("svg.warning, .warning").Count > 0);
    }

    [Fact]
    public void One_that_is_late_is_not_said_beside_one_that_is_not()
    {
        var verdict = Verdict(new WitnessState("a.example", 40, Signed, null), new WitnessState("b.example", 7, Signed - TimeSpan.FromDays(3), "It answered 500."), new WitnessState("c.example", 39, Signed, null));

        Assert.EndsWith("Witnessed by a.example , up to entry 39 and c.example , up to entry 38.", string.Join(' ', verdict.Find(".verdict").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private IRenderedComponent<LedgerVerdict> Verdict(params WitnessState[] witnesses)
    {
        using var key = SignerKey.Generate("ledger.example/log");
        var note = SignedNote.Sign(new Checkpoint(key.Name, 40, TreeHash.Zero).ToString(), key);
        var state = new LedgerState(key.Name, 1, 40, 0, note, Signed, key.Verifier, null);
        return Render<LedgerVerdict>(verdict => verdict.Add(v => v.State, state).Add(v => v.Witnesses, witnesses).Add(v => v.Report, new CheckReport(CheckResult.Ok, "", null, 40, 40, 1, [])));
    }
}
