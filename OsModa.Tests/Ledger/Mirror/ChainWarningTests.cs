using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Storing;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>Odd times, and warnings beside each other.</summary>
public sealed class ChainWarningTests : MirrorRoom
{
    [Fact]
    public async Task An_event_that_claims_to_have_been_before_the_last_look_has_an_odd_time()
    {
        await CopiedAsync(10);
        await SeesAsync(s => s.ReadAt > TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1));
        Agent!.AppendAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6));

        Assert.Equal(11, (await SeesAsync(s => s.Status == ChainStatus.Clock)).AtId);
    }

    [Fact]
    public async Task A_second_warning_is_an_entry_though_another_one_stands()
    {
        await CopiedAsync(10);
        await SeesAsync(s => s.ReadAt > TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1));
        Agent!.Run("UPDATE sqlite_sequence SET seq = 11 WHERE name = 'events'");
        Agent.Append(1);
        var gap = await SeesAsync(s => s is { Status: ChainStatus.Gap, Copied: 11 });

        Agent.AppendAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6));
        var standing = await SeesAsync(_ => Told("Clock").Count == 1);

        Assert.Equal((ChainStatus.Gap, gap.AtId, gap.Entry, gap.Sentence), (standing.Status, standing.AtId, standing.Entry, standing.Sentence));
        var told = Told("Clock")[0].Action!;
        Assert.Equal(("13", "Gap"), (told.Details["event"], told.Details["was"]));
        Agent.AppendAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6));
        await SeesAsync(s => s.Copied == 13);
        Mirror.CompareAll();
        await SeesAsync(s => s.ReadAt > TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.Single(Told("Clock"));
    }

    [Fact]
    public async Task An_odd_time_is_told_though_many_events_follow_it_in_the_same_reading()
    {
        await CopiedAsync(10);
        Agent!.AppendAt(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6));
        Agent.Append(3_000);

        Assert.Equal(11, (await SeesAsync(s => s is { Status: ChainStatus.Clock, Copied: 3_011 })).AtId);
    }
}
