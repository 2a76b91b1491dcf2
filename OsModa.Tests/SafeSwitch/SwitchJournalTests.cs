using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.SafeSwitch;

public sealed class SwitchJournalTests
{
    private const string Old = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-42";
    private const string New = "/nix/store/1123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-41";
    private static readonly Guid Id = Guid.Parse("0198c0de-0000-7000-8000-00000000000a");
    private static readonly string Begin = $"10\t1764158400000010\tbegin\t1\t{Id:D}\tnow\t{New}\t41\t{Old}\t42\t5d0c2f4e-1111-4222-8333-444455556666";

    private static SwitchProgress? Read(params string[] lines) => lines.Aggregate((SwitchProgress?)null, (progress, line) => SwitchJournal.Apply(progress, Id, line));

    [Fact]
    public void A_switch_is_read_stage_by_stage()
    {
        var progress = Read(Begin, "20\t1764158400000020\tstage\tpreflight", "30\t1764158400000030\tcheck\tdisk\tok\t", "40\t1764158400000040\tended\tpreflight\tok\t", "50\t1764158400000050\tstage\tactivate");

        Assert.NotNull(progress);
        Assert.Equal(["preflight", "activate"], progress.Stages.Select(s => s.Name));
        Assert.Equal(TimeSpan.FromMicroseconds(40), progress.Stages[0].Until);
        Assert.Null(progress.Stages[1].Until);
        Assert.Equal((41, New, Old), (progress.Generation, progress.Target!.Value.Text, progress.From!.Value.Text));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1764158400), progress.StartedAt);
        Assert.Equal([new SwitchNote(TimeSpan.FromMicroseconds(30), "disk", CheckState.Ok, "")], progress.Notes);
        Assert.Null(progress.Outcome);
    }

    [Fact]
    public void The_last_line_tells_the_outcome_and_closes_the_stage_that_ran()
    {
        var progress = Read(Begin, "20\t1764158400000020\tstage\tactivate", $"90\t1764158400000090\tdone\tperson\t17\t{Old}\t{Old}\t42\tIt broke off.");

        Assert.Equal(SwitchVerdict.NeedsPerson, progress!.Outcome!.Verdict);
        Assert.False(progress.Outcome.Verified);
        Assert.Equal((17, "It broke off.", 42), (progress.Outcome.ExitStatus, progress.Outcome.Detail, progress.Outcome.ProfileGeneration));
        Assert.Equal(TimeSpan.FromMicroseconds(90), progress.Outcome.Took);
        Assert.True(Assert.Single(progress.Stages).Failed);
    }

    [Fact]
    public void Trouble_and_decision_stand_with_when_they_were_noticed_and_when_they_happened()
    {
        var progress = Read(
            $"10\t1764158400000010\tbegin\t2\t{Id:D}\trestart\t{New}\t41\t{Old}\t42\t5d0c2f4e-1111-4222-8333-444455556666\t10\t30",
            "20\t1764158400000020\trestart", "25\t1764158400000025\tboot\t6d0c2f4e-1111-4222-8333-444455556666",
            "30\t1764158400000030\tconfirmed", "400\t1764158400000400\ttrouble\tcrash\tscout.service\t300\tIt crashed.", "410\t1764158400000410\ttrouble\tunconfirmed\t-\t999\tNobody came.",
            "420\t1764158400000420\tverdict\tbad\tscout.service\tIt crashed.", $"500\t1764158400000500\tdone\trolled-back\t0\t{Old}\t{Old}\t42\tUndone.");

        Assert.NotNull(progress);
        Assert.Equal((SwitchMode.Restart, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMicroseconds(30)), (progress.Mode, progress.Probation, progress.Confirm, progress.ConfirmedAt));
        Assert.Equal(Guid.Parse("6d0c2f4e-1111-4222-8333-444455556666"), progress.BootId);
        Assert.Equal(
            [new SwitchTrouble(TimeSpan.FromMicroseconds(400), TimeSpan.FromMicroseconds(300), "crash", "scout.service", "It crashed."),
                new SwitchTrouble(TimeSpan.FromMicroseconds(410), TimeSpan.FromMicroseconds(410), "unconfirmed", "", "Nobody came.")],
            progress.Trouble);
        Assert.Equal(new SwitchDecision(TimeSpan.FromMicroseconds(420), false, "scout.service", "It crashed."), progress.Decision);
        Assert.Equal((SwitchVerdict.RolledBack, false), (progress.Outcome!.Verdict, progress.Outcome.Verified));
    }

    [Fact]
    public void A_restart_that_belongs_to_the_switch_is_a_stage_from_the_last_word_before_it_to_the_first_after_it()
    {
        string[] lines =
        [
            $"10\t1764158400000010\tbegin\t2\t{Id:D}\trestart\t{New}\t41\t{Old}\t42\t5d0c2f4e-1111-4222-8333-444455556666\t10\t30",
            "20\t1764158400000020\tstage\tarmed", "30\t1764158400000030\tended\tarmed\tok\t", "40\t1764158400000040\trestart",
        ];

        var away = Read(lines)!;
        var back = Read([.. lines, "90\t1764158400000090\tboot\t6d0c2f4e-1111-4222-8333-444455556666", "95\t1764158400000095\tstage\tprobation"])!;

        Assert.Equal((true, null), (away.Restarting, away.Stages[^1].Until));
        Assert.False(back.Restarting);
        Assert.Equal(["armed", "restart", "probation"], back.Stages.Select(stage => stage.Name));
        Assert.Equal((TimeSpan.FromMicroseconds(40), (TimeSpan?)TimeSpan.FromMicroseconds(90)), (back.Stages[1].From, back.Stages[1].Until));
    }

    [Fact]
    public void After_the_last_line_nothing_changes_any_more()
    {
        var done = Read(Begin, $"90\t1764158400000090\tdone\tverified\t0\t{New}\t{New}\t41\t");

        Assert.Same(done, SwitchJournal.Apply(done, Id, "95\t1764158400000095\tstage\tactivate"));
        Assert.Same(done, SwitchJournal.Apply(done, Id, $"96\t1764158400000096\tdone\tperson\t1\t{Old}\t{Old}\t42\t"));
    }

    [Fact]
    public void Lines_of_another_operation_change_nothing()
    {
        var progress = Read(Begin);

        Assert.Same(progress, SwitchJournal.Apply(progress, Guid.NewGuid(), "20\t1764158400000020\tstage\tactivate"));
        Assert.Same(progress, SwitchJournal.Apply(progress, Guid.NewGuid(), Begin));
        Assert.Null(Read("20\t1764158400000020\tstage\tactivate"));
    }

    [Fact]
    public void The_live_stream_carries_journal_and_output()
    {
        var progress = SwitchJournal.Follow(null, $"J\t{Id:D}\t{Begin}");
        progress = SwitchJournal.Follow(progress, $"O\t{Id:D}\tstopping the following units:\tnginx.service\u001b[0m");
        progress = SwitchJournal.Follow(progress, $"O\t{Guid.NewGuid():D}\tnot ours");
        progress = SwitchJournal.Follow(progress, "rubbish");

        Assert.Equal(["stopping the following units: nginx.service [0m"], progress!.Output);
    }

    [Fact]
    public void However_much_a_server_writes_only_the_newest_is_kept()
    {
        var progress = Read(Begin);
        for (var i = 0; i < 5000; i++)
        {
            progress = SwitchJournal.ApplyOutput(progress, Id, $"line {i}");
            progress = SwitchJournal.Apply(progress, Id, $"{100 + i}\t1764158400000020\tstage\tactivate");
            progress = SwitchJournal.Apply(progress, Id, $"{100 + i}\t1764158400000020\tnote\tsettling\t{i}");
            progress = SwitchJournal.Apply(progress, Id, $"{100 + i}\t1764158400000020\ttrouble\tcrash\ta.service\t0\t{i}");
        }

        Assert.Equal((200, "line 4999"), (progress!.Output.Length, progress.Output[^1]));
        Assert.InRange(progress.Stages.Length, 1, 16);
        Assert.Equal((64, "4999"), (progress.Notes.Length, progress.Notes[^1].Text));
        Assert.Equal((32, "0"), (progress.Trouble.Length, progress.Trouble[0].Text));
    }

    [Fact]
    public void No_order_of_lines_makes_it_throw_or_leaves_a_finished_switch_with_a_running_stage()
    {
        var some = Gen.Elements(
            Begin, "20\t1\tstage\tpreflight", "30\t1\tended\tpreflight\tok\t", "40\t1\tstage\tactivate", "50\t1\tended\tactivate\tfailed\tx", "60\t1\tended\tverify\tok\t",
            "70\t1\tnote\tunit\tx", $"90\t1\tdone\tverified\t0\t{New}\t{New}\t41\t", "rubbish");
        Prop.ForAll(some.ListOf().ToArbitrary(), lines =>
        {
            var progress = Read([.. lines]);
            return progress?.Outcome is null || progress.Stages is not [.., { Until: null }];
        }).QuickCheckThrowOnFailure();
    }
}
