using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.SafeSwitch;

public sealed class SwitchAnswerTests
{
    private static readonly Guid Id = Guid.Parse("0198c0de-0000-7000-8000-00000000000a");

    [Fact]
    public void Each_answer_of_the_server_has_its_meaning()
    {
        Assert.IsType<StartAnswer.Started>(SwitchStart.Parse("started"));
        Assert.IsType<StartAnswer.Joined>(SwitchStart.Parse("joined"));
        Assert.Equal(new StartAnswer.Busy(Id, ""), SwitchStart.Parse($"busy\t{Id:D}\t"));
        Assert.Equal(new StartAnswer.Busy(null, "switch"), SwitchStart.Parse("busy\t-\tswitch"));
        Assert.Equal(new StartAnswer.Refused("Full."), SwitchStart.Parse("refused\tFull."));
        Assert.Null(SwitchStart.Parse("Last login: yesterday"));
        Assert.Null(SwitchStart.Parse("busy"));
    }

    [Fact]
    public void The_facts_of_a_server_are_read_whatever_stands_around_them()
    {
        var truth = ServerTruth.Parse(Id, ["rubbish", "never", "facts\t5d0c2f4e-1111-4222-8333-444455556666\t/nix/store/0123456789abcdfghijklmnpqrsvwxyz-a\t\tx\t7\tosModa operation " + Id.ToString("D"), "more"]);

        Assert.NotNull(truth);
        Assert.Equal((true, Id, 7), (truth.Never, truth.Running, truth.ProfileGeneration));
        Assert.Equal("/nix/store/0123456789abcdfghijklmnpqrsvwxyz-a", truth.Current!.Value.Text);
        Assert.Null(truth.Profile);
    }

    [Fact]
    public void No_answer_makes_a_reader_throw()
    {
        Prop.ForAll<string[]>(lines => { _ = ServerTruth.Parse(Id, (lines ?? []).Select(l => l ?? "")); }).QuickCheckThrowOnFailure();
        Prop.ForAll<string?>(line => { _ = SwitchStart.Parse(line ?? ""); }).QuickCheckThrowOnFailure();
        Prop.ForAll<string[]>(lines => SwitchPreview.Parse([.. (lines ?? []).Select(l => "would\t" + l)], default, default) is null).QuickCheckThrowOnFailure();
    }
}
