using Bunit;
using OsModa.Core.Ledger.Checking;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Core.Servers;
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
    [InlineData(0, 0, "Nobody but this dashboard vouches for it (no outside witness yet).", false)]
    public void A_witness_vouches_for_as_much_as_it_cosigned_lately(long size, int minutesBefore, string says, bool isWarning)
    {
        var witness = new WitnessState("w.example", size, size == 0 ? null : Signed - TimeSpan.FromMinutes(minutesBefore), "It cannot be reached.");

        var verdict = Verdict(witness);

        Assert.Equal($"All 40 entries verify. All of them are signed. {says}", Said(verdict));
        Assert.Equal(isWarning, verdict.FindAll("svg.warning, .warning").Count > 0);
    }

    [Fact]
    public void One_that_is_late_is_not_said_beside_one_that_is_not()
    {
        var verdict = Verdict(new WitnessState("a.example", 40, Signed, null), new WitnessState("b.example", 7, Signed - TimeSpan.FromDays(3), "It answered 500."), new WitnessState("c.example", 39, Signed, null));

        Assert.EndsWith("Witnessed by a.example , up to entry 39 and c.example , up to entry 38.", Said(verdict), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_holds_what_the_ledger_does_not_continue_breaks_it_whatever_else_holds_it()
    {
        var fits = new PlantedHead(new ServerId(Guid.CreateVersion7()), 40, Signed, null);

        var verdict = Verdict([fits, fits, fits with { Trouble = "It holds another state of 30 entries." }], new WitnessState("w.example", 40, Signed, null));

        Assert.Equal("All 40 entries verify. All of them are signed. A server holds another state of it than this one.", Said(verdict));
        Assert.True(IsBroken(verdict));
    }

    [Theory]
    [InlineData(WitnessClient.OtherHistory)]
    [InlineData(WitnessClient.OlderLedger)]
    public void A_witness_that_cosigned_another_history_breaks_it_whatever_another_one_says(string trouble)
    {
        var verdict = Verdict([], new WitnessState("a.example", 40, Signed, null), new WitnessState("b.example", 39, Signed, trouble));

        Assert.Equal("All 40 entries verify. All of them are signed. b.example cosigned what this ledger is no continuation of.", Said(verdict));
        Assert.True(IsBroken(verdict));
    }

    [Theory]
    [InlineData(40, 5_000, null, "Time-stamped by The authority , up to entry 39.", false)]
    [InlineData(30, 2_000, null, "Time-stamped by The authority , up to entry 29.", false)]
    [InlineData(30, 2_880, "It cannot be reached.", "Last time-stamped by The authority on , at 30 entries. It cannot be reached.", true)]
    [InlineData(0, 0, "It cannot be reached.", "Nobody but this dashboard vouches for it (no outside witness yet).", false)]
    public void A_time_stamp_counts_for_as_much_as_was_stamped_lately(long size, int minutesBefore, string? trouble, string says, bool isWarning)
    {
        var verdict = Verdict(Stamp with { Size = size, At = size == 0 ? null : Signed - TimeSpan.FromMinutes(minutesBefore), Trouble = trouble });

        Assert.Equal($"All 40 entries verify. All of them are signed. {says}", Said(verdict));
        Assert.Equal(isWarning, verdict.FindAll("svg.warning, .warning").Count > 0);
        Assert.Equal(size > 0, verdict.Find(".proof-why").TextContent.Contains($"The authority signed over the state of {size} entries", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_an_authority_that_is_asked_no_more_nothing_new_is_expected() =>
        Assert.EndsWith("Time-stamped by The authority , up to entry 9.", Said(Verdict(Stamp with { Size = 10, At = Signed - TimeSpan.FromDays(90), IsWanted = false })), StringComparison.Ordinal);

    [Fact]
    public void Witnesses_and_time_stamps_are_told_beside_each_other() =>
        Assert.EndsWith("Witnessed by w.example , up to entry 39. Time-stamped by The authority , up to entry 39.", Said(Verdict([], Stamp, new WitnessState("w.example", 40, Signed, null))), StringComparison.Ordinal);

    [Fact]
    public void A_time_stamp_that_does_not_hold_breaks_it_whoever_else_vouches_for_it()
    {
        var verdict = Verdict([], Stamp with { Wrong = "It is of another history than this one." }, new WitnessState("w.example", 40, Signed, null));

        Assert.Equal("All 40 entries verify. All of them are signed. What is kept of its time stamp by The authority does not hold. It is of another history than this one.", Said(verdict));
        Assert.True(IsBroken(verdict));
        Assert.Contains("But that does not hold.", verdict.Find(".proof-why").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_stamp_by_somebody_who_is_not_trusted_is_not_told_as_one_and_warns()
    {
        var verdict = Verdict(Stamp with { Distrusted = "Its certificate does not lead there." });

        Assert.EndsWith("Nobody but this dashboard vouches for it (no outside witness yet).", Said(verdict), StringComparison.Ordinal);
        Assert.Contains("But it is not believed. Its certificate does not lead there.", verdict.Find(".proof-why").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(verdict.FindAll(".proof > svg.warning"));
    }

    [Fact]
    public void What_came_since_the_check_is_not_called_verified()
    {
        Assert.StartsWith("The entries up to 32 verify; 7 came since. All of them are signed.", Said(Verdict([], null, checkedTo: 33)), StringComparison.Ordinal);
    }

    private static TimestampState Stamp { get; } = new("The authority", 40, Signed, null) { IsWanted = true, Every = TimeSpan.FromDays(1) };

    private static string Said(IRenderedComponent<LedgerVerdict> verdict) => string.Join(' ', verdict.Find(".verdict").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static bool IsBroken(IRenderedComponent<LedgerVerdict> verdict) => verdict.Find(".proof > svg").ClassList.Contains("broken");

    private IRenderedComponent<LedgerVerdict> Verdict(TimestampState stamp) => Verdict([], stamp);

    private IRenderedComponent<LedgerVerdict> Verdict(params WitnessState[] witnesses) => Verdict([], null, witnesses);

    private IRenderedComponent<LedgerVerdict> Verdict(PlantedHead[] planted, params WitnessState[] witnesses) => Verdict(planted, null, witnesses);

    private IRenderedComponent<LedgerVerdict> Verdict(PlantedHead[] planted, TimestampState? stamp, params WitnessState[] witnesses) => Verdict(planted, stamp, 40, witnesses);

    private IRenderedComponent<LedgerVerdict> Verdict(PlantedHead[] planted, TimestampState? stamp, long checkedTo, params WitnessState[] witnesses)
    {
        using var key = SignerKey.Generate("ledger.example/log");
        var note = SignedNote.Sign(new Checkpoint(key.Name, 40, TreeHash.Zero).ToString(), key);
        var state = new LedgerState(key.Name, 1, 40, 0, note, Signed, key.Verifier, null);
        return Render<LedgerVerdict>(verdict => verdict.Add(v => v.State, state).Add(v => v.Witnesses, witnesses).Add(v => v.Planted, planted).Add(v => v.Stamp, stamp).Add(v => v.Report, new CheckReport(CheckResult.Ok, "", null, checkedTo, checkedTo, 1, [])));
    }
}
