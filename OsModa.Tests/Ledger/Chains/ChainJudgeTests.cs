using System.Collections.Immutable;
using OsModa.Core.Ledger.Chains;
using OsModa.Core.Ledger.Hashing;
using Xunit;

namespace OsModa.Tests.Ledger.Chains;

/// <summary>Each status with the attack, or the accident, that leads to it.</summary>
public sealed class ChainJudgeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_chain_that_only_grew_is_verified() =>
        Expect(ChainStatus.Verified, null, Remember(Chain(5)), Read(Chain(8)));

    [Fact]
    public void The_first_reading_of_a_chain_is_verified() =>
        Expect(ChainStatus.Verified, null, ChainMemory.Nothing, Read(Chain(8)));

    [Fact]
    public void A_head_that_was_not_reached_yet_is_catching_up() =>
        Expect(ChainStatus.CatchingUp, null, Remember(Chain(2)), Read(Chain(8)[..5]) with { HeadId = 8, Count = 8 });

    [Fact]
    public void A_changed_row_whose_hash_stayed_is_told_by_field()
    {
        var chain = Chain(5);
        var edited = chain.SetItem(2, chain[2] with { Event = chain[2].Event with { Actor = "mallory" } });
        var verdict = Expect(ChainStatus.Rewritten, 3, Remember(chain), Read(edited));

        Assert.Equal([new FieldDifference(3, "actor", "agentd", "mallory")], verdict.Differences);
    }

    [Fact]
    public void A_row_that_was_never_seen_otherwise_and_does_not_give_its_hash_is_broken()
    {
        var chain = Chain(5);

        Expect(ChainStatus.Broken, 4, Remember(Chain(2)), Read(chain.SetItem(3, chain[3] with { Hash = TreeHash.Zero })));
        Expect(ChainStatus.Broken, 4, Remember(Chain(2)), Read(chain.RemoveAt(2)));    // what was between is gone, the link shows it
        Expect(ChainStatus.Broken, 1, ChainMemory.Nothing, Read(Chain(3, genesis: Sha256.EmptyRoot)));
    }

    [Fact]
    public void The_newest_row_has_ten_seconds_to_be_finished()
    {
        var chain = Chain(5);
        var reading = Read(chain.SetItem(4, chain[4] with { Hash = TreeHash.Zero }));

        Expect(ChainStatus.LastRowUnsettled, 5, Remember(Chain(4)), reading);
        Expect(ChainStatus.Broken, 5, Remember(Chain(4)), reading with { ReadAt = Noon + TimeSpan.FromSeconds(10) });
    }

    [Fact]
    public void A_row_changed_and_everything_after_it_hashed_anew_is_rewritten_with_the_field()
    {
        var rewritten = Chain(5, change: (2, e => e with { Payload = "{\"x\":1}" }));
        var verdict = Expect(ChainStatus.Rewritten, 2, Remember(Chain(5)), Read(rewritten));

        Assert.Equal([new FieldDifference(2, "payload", "{\"n\":2}", "{\"x\":1}")], verdict.Differences);
        Assert.True(verdict.StartsEpoch);
    }

    [Fact]
    public void A_change_of_format_is_told_from_rewriting()
    {
        var old = Chain(5, ChainFormat.Concatenated);
        var verdict = Expect(ChainStatus.Rehashed, 1, Remember(old), Read(Chain(5)));

        Assert.Empty(verdict.Differences);
        Expect(ChainStatus.Rewritten, 3, Remember(old), Read(Chain(5, change: (3, e => e with { Ts = "2026-01-15T11:59:03.999Z" }))));
    }

    [Fact]
    public void A_tail_that_is_gone_is_cut()
    {
        Expect(ChainStatus.Cut, 3, Remember(Chain(5)), Read(Chain(3)));
        Expect(ChainStatus.Cut, null, Remember(Chain(5)), Read(Chain(5)) with { Count = 4 });
        Expect(ChainStatus.Cut, 5, Remember(Chain(5)), Read(Chain(5)) with { HighestEverId = 9 });
        Expect(ChainStatus.Verified, null, Remember(Chain(5)), Read(Chain(5)) with { HighestEverId = 5 });
    }

    [Fact]
    public void Ids_that_were_skipped_are_a_gap_and_no_more() =>
        Expect(ChainStatus.Gap, 6, Remember(Chain(5)), Read(Chain(8, skip: 6)));

    [Fact]
    public void Another_history_with_older_times_is_a_fork() =>
        Expect(ChainStatus.Forked, 4, Remember(Chain(5)), Read(Chain(5, change: (4, e => e with { Type = "other" }), alsoAfter: true)));

    [Fact]
    public void Another_history_with_newer_times_after_an_old_head_is_a_restored_backup() =>
        Expect(ChainStatus.Restored, 4, Remember(Chain(5)), Read(Chain(6, change: (4, e => e with { Type = "other", Ts = $"2026-01-15T12:00:{e.Id:00}.000Z" }), alsoAfter: true)));

    [Fact]
    public void A_new_beginning_is_a_reset_unless_it_was_announced()
    {
        var anew = Chain(5, change: (1, e => e with { Type = "other" }), alsoAfter: true);

        Expect(ChainStatus.Reset, 1, Remember(Chain(5)), Read(anew));
        Assert.True(Expect(ChainStatus.Verified, 1, Remember(Chain(5)), Read(anew) with { ReinstallAnnounced = true }).IsAnnouncedReset);
    }

    [Fact]
    public void A_database_in_which_nothing_ever_was_is_a_new_one_when_that_was_announced_and_one_that_was_emptied_is_not()
    {
        var nothing = new ChainReading(ChainFormat.Piped, [], 0, 0, null, Noon, Noon, ReinstallAnnounced: true);

        Assert.True(Expect(ChainStatus.Verified, null, Remember(Chain(5)), nothing).IsAnnouncedReset);
        Expect(ChainStatus.Cut, 0, Remember(Chain(5)), nothing with { HighestEverId = 5 });
        Expect(ChainStatus.Cut, 0, Remember(Chain(5)), nothing with { ReinstallAnnounced = false });
    }

    [Fact]
    public void Times_that_go_backwards_or_lie_ahead_are_told()
    {
        Expect(ChainStatus.Clock, 7, Remember(Chain(5)), Read(Chain(7, change: (7, e => e with { Ts = "2026-01-15T11:00:00.000Z" }))));
        Expect(ChainStatus.Clock, 7, Remember(Chain(5)), Read(Chain(7, change: (7, e => e with { Ts = "2026-01-15T12:05:01.000Z" }))));
    }

    [Fact]
    public void An_event_that_was_not_there_at_the_last_look_and_says_it_is_older_is_told()
    {
        var reading = Read(Chain(7)) with { ReadAt = Noon + TimeSpan.FromHours(1) };

        Expect(ChainStatus.Verified, null, Remember(Chain(5)), reading);
        Expect(ChainStatus.Verified, null, Remember(Chain(5)), reading with { ReadWholeAt = Noon + TimeSpan.FromMinutes(4) });
        Expect(ChainStatus.Clock, 6, Remember(Chain(5)), reading with { ReadWholeAt = Noon + TimeSpan.FromMinutes(5) });
        Expect(ChainStatus.Verified, null, Remember(Chain(7)), reading with { ReadWholeAt = Noon + TimeSpan.FromMinutes(5) });
    }

    [Fact]
    public void What_was_not_read_for_five_minutes_is_unreachable()
    {
        Assert.Null(ChainJudge.Stale(Noon, Noon + TimeSpan.FromMinutes(4)));
        Assert.Equal(ChainStatus.Unreachable, ChainJudge.Stale(Noon, Noon + TimeSpan.FromMinutes(5))!.Status);
    }

    private static ChainVerdict Expect(ChainStatus status, long? at, ChainMemory memory, ChainReading reading)
    {
        var verdict = ChainJudge.Judge(memory, reading);
        Assert.Equal((status, at), (verdict.Status, verdict.AtId));
        Assert.NotEmpty(verdict.Sentence);
        return verdict;
    }

    private static ChainMemory Remember(ImmutableArray<ChainRow> rows) => new(rows[^1], rows.Length, rows.ToImmutableSortedDictionary(row => row.Event.Id, row => row));

    private static ChainReading Read(ImmutableArray<ChainRow> rows) => new(ChainFormat.Piped, rows, rows[^1].Event.Id, rows.Length, null, Noon, Noon);

    private static ImmutableArray<ChainRow> Chain(
        int length, ChainFormat format = ChainFormat.Piped, (long Id, Func<UpstreamEvent, UpstreamEvent> How)? change = null, bool alsoAfter = false, long skip = 0, TreeHash? genesis = null)
    {
        var rows = ImmutableArray.CreateBuilder<ChainRow>();
        var previous = genesis ?? TreeHash.Zero;
        for (var id = 1L; id <= length; id++)
        {
            if (id == skip)
            {
                continue;
            }

            var e = new UpstreamEvent(id, $"2026-01-15T11:59:{id:00}.000Z", "nixos.switch", "agentd", $"{{\"n\":{id}}}", previous);
            e = change is { } c && (id == c.Id || (alsoAfter && id > c.Id)) ? c.How(e) : e;
            previous = e.Hash(format);
            rows.Add(new ChainRow(e, previous));
        }

        return rows.ToImmutable();
    }
}
