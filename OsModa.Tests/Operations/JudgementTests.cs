using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.Operations;

/// <summary>Ends in which two truths meet.</summary>
public sealed class JudgementTests
{
    [Fact]
    public async Task Who_went_back_says_which_other_default_somebody_has_set_meanwhile()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room);
        foreach (var line in OperationRoom.OnProbation(id, 43).Concat(OperationRoom.WayBack("agent-scout.service")).Append(OperationRoom.Done("rolled-back", 42, 40)))
        {
            room.Journal(id, line);
        }

        room.Live(42, 40);
        var row = await room.UntilAsync(id, o => o.Ended);

        Assert.Equal(OperationState.RolledBack, row.State);
        Assert.EndsWith("A restart starts another one, generation 40: somebody made that the default.", row.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_was_given_up_is_no_success_because_the_power_failed_on_the_way_back()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room);
        string[] journal = [.. OperationRoom.OnProbation(id, 43), .. OperationRoom.WayBack("agent-scout.service")[..4]];
        var boot = Guid.NewGuid();
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 43, 43, journal, boot: boot);
        Array.ForEach(journal, line => room.Journal(id, line));
        room.Live(43);

        var row = await room.UntilAsync(id, o => o.Ended);

        Assert.Equal(OperationState.Unknown, row.State);
        Assert.Contains("A person has to look.", row.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_switch_by_restart_is_waited_for_after_every_boot()
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room, SwitchMode.Restart);
        string[] journal = [.. OperationRoom.OnProbation(id, 43)];
        room.Shell.Answer = (_, _) => OperationRoom.Truth(id, 43, 43, journal, boot: Guid.Parse("bbbbbbbb-1111-4222-8333-444455556666"));
        Array.ForEach(journal, line => room.Journal(id, line));
        room.Live(43);

        for (var turn = 0; turn < 100; turn++)
        {
            room.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.False((await room.RowAsync(id)).Ended);
        journal = [.. journal, .. OperationRoom.WayBack("agent-scout.service"), OperationRoom.Done("rolled-back", 42, 42)];
        room.Live(42);
        Assert.Equal(OperationState.RolledBack, (await room.UntilAsync(id, o => o.Ended)).State);
    }

    [Theory]
    [InlineData(43, "The server runs generation 43, and a restart starts it.")]
    [InlineData(null, "The server runs the system, and a restart starts it.")]
    public async Task What_was_just_built_has_the_number_that_it_got_as_the_default(int? number, string sentence)
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room);
        var row = await room.RowAsync(id);
        row.TargetGeneration = 0;
        var target = OperationRoom.SystemOf(43);
        var progress = new SwitchProgress(id, target, [], []) { Outcome = new SwitchOutcome(SwitchVerdict.Verified, 0, "") { Current = target, Profile = target, ProfileGeneration = number } };

        Assert.Equal(sentence, OperationJudge.ByObservation(row, progress, room.Fleet[room.Server.Id] with { Pins = new SystemPins(target, target, target, number, RebootNeeded: false) })?.Sentence);
    }

    [Theory]
    [InlineData("kernel initrd kernel-modules", "Its kernel comes with the next restart.")]
    [InlineData("initrd", "Its boot image comes with the next restart.")]
    [InlineData("initrd systemd", "Its boot image and systemd come with the next restart.")]
    public async Task What_comes_with_the_next_restart_is_named(string parts, string sentence)
    {
        await using var room = await OperationRoom.OpenAsync();
        var id = await DeployAsync(room);
        var target = OperationRoom.SystemOf(43);
        var progress = new SwitchProgress(id, target, [], [])
        {
            Notes = [new SwitchNote(TimeSpan.FromSeconds(1), "reboot", null, parts)],
            Outcome = new SwitchOutcome(SwitchVerdict.Verified, 0, "") { Current = target, Profile = target, ProfileGeneration = 43 },
        };

        var state = room.Fleet[room.Server.Id] with { Pins = new SystemPins(target, target, target, 43, RebootNeeded: true) };
        Assert.EndsWith(" " + sentence, OperationJudge.ByObservation(await room.RowAsync(id), progress, state)?.Sentence, StringComparison.Ordinal);
    }

    private static async Task<Guid> DeployAsync(OperationRoom room, SwitchMode mode = SwitchMode.Now)
    {
        var request = room.To(43) with { Plan = SwitchPlan.Deployment, Mode = mode };
        Assert.IsType<RollBackResult.Started>(await room.RollBack.RunAsync(room.Ann, request, TestContext.Current.CancellationToken));
        return request.Sheet;
    }
}
