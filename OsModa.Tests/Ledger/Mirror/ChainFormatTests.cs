using OsModa.Core.Ledger.Chains;
using Xunit;

namespace OsModa.Tests.Ledger.Mirror;

/// <summary>A change of the format, and events that never gave their hash, wait for a person.</summary>
public sealed class ChainFormatTests : MirrorRoom
{
    [Fact]
    public async Task A_change_of_the_format_is_told_from_rewriting_and_waits_for_a_person()
    {
        Agent = new AgentLedger(Folder, ChainFormat.Concatenated);
        Agent.Append(2_500);
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 2_500 });
        Agent.Rehash(1, ChainFormat.Piped);

        await SeesAsync(s => s is { Status: ChainStatus.Rehashed, Epoch: 2, Copied: 2_500 });
        Assert.True(await Mirror.AcceptAsync(Mirror.Standing!.Entry));
        Mirror.CompareAll();
        await SeesAsync(s => s is { Status: ChainStatus.Verified, Sentence: "2500 events, all as they were written." });
    }

    [Fact]
    public async Task An_event_that_never_gave_its_hash_is_an_alarm_until_a_person_accepts_it_and_does_not_come_back()
    {
        Agent = new AgentLedger(Folder);
        Agent.Append(100);
        Agent.Run("UPDATE events SET payload = 'x' WHERE id = 40");
        var broken = await SeesAsync(s => s is { Status: ChainStatus.Broken, Copied: 100 });
        Assert.Equal((40, "Does not verify at event 40."), (broken.AtId, broken.Sentence));

        Assert.True(await Mirror.AcceptAsync(Mirror.Standing!.Entry));
        Mirror.CompareAll();
        Agent.Append(10);

        await SeesAsync(s => s is { Status: ChainStatus.Verified, Copied: 110 });
    }
}
