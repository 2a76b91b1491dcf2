using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Storing;

/// <summary>An event that says it is older than the signed states it came between.</summary>
public sealed class BackdatedEventTests
{
    [Fact]
    public async Task An_event_that_says_it_is_older_than_a_state_that_does_not_have_it_is_shown_between_the_states_it_came_between()
    {
        await using var ledger = new TestLedger();
        var rows = TestLedger.Chain(2).ToList();
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        await AppendAsync(rows[0]);
        ledger.Clock.Advance(TimeSpan.FromHours(2));
        await ledger.SignAsync();
        await AppendAsync(rows[1]);
        await ledger.SignAsync();

        var (inTime, late) = (ledger.Queries.Entry(TestLedger.Ours, 3)!, ledger.Queries.Entry(TestLedger.Ours, 4)!);

        Assert.Equal((3, 4, false), (inTime.After!.Size, inTime.Before!.Size, inTime.IsBackdated));
        Assert.Equal((4, 5, true), (late.After!.Size, late.Before!.Size, late.IsBackdated));

        Task AppendAsync(ChainRow row) => ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(row, ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow())], default);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]    // the first of them counts: what was not there then may have come after it
    public async Task When_a_witness_cosigned_the_state_before_an_event_its_clock_counts_and_not_ours(bool isCosignedLater, bool isCosignedAtOnce, bool isBackdated)
    {
        await using var ledger = new TestLedger();
        using var witness = SignerKey.Generate("a.example/witness");
        using var other = SignerKey.Generate("b.example/witness");
        await ledger.ActAsync(3);
        await ledger.SignAsync();
        Cosign(isCosignedLater, witness, TimeSpan.FromHours(2));
        Cosign(isCosignedAtOnce, other, TimeSpan.Zero);
        await ledger.Store.AppendAsync(TestLedger.Ours, [NewRecord.Of(TestLedger.Chain(1).Single(), ChainFormat.Piped, TestLedger.Server, 1, ledger.Clock.GetUtcNow())], default);

        var entry = ledger.Queries.Entry(TestLedger.Ours, 3)!;

        Assert.Equal(isBackdated, entry.IsBackdated);
        Assert.Equal((isCosignedLater ? 1 : 0) + (isCosignedAtOnce ? 1 : 0), entry.After!.Cosignatures.Count);

        void Cosign(bool does, SignerKey by, TimeSpan later)
        {
            if (does)
            {
                ledger.Tamper(
                    "INSERT INTO cosig(log, size, witness, line, t) VALUES(?1, 3, ?2, ?3, 0)",
                    ledger.Store.Newest(TestLedger.Ours)!.Id, by.Name, by.Cosign(ledger.Queries.State(TestLedger.Ours)!.Newest!.Text, ledger.Clock.GetUtcNow() + later).Line);
            }
        }
    }
}
