using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using Xunit;

namespace OsModa.Tests.SafeSwitch;

public sealed class SwitchPreviewTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Units_are_sorted_by_what_happens_to_them()
    {
        var units = Parse(
            "would\twould stop the following units: nginx.service, node-exporter.service, Zebra.service",
            "would\twould NOT stop the following changed units: display-manager.service",
            "would\twould activate the configuration...",
            "would\twould restart systemd",
            "would\twould reload the following units: dbus.service, firewall.service",
            "would\twould restart the following units: sshd.service",
            "would\twould start the following units: nginx.service, redis.service",
            "end\t0")!.Units!;

        Assert.Equal(["nginx.service", "sshd.service"], units.Restarts.Select(u => u.Text));
        Assert.Equal(["Zebra.service", "node-exporter.service"], units.Stops.Select(u => u.Text));
        Assert.Equal(["redis.service"], units.Starts.Select(u => u.Text));
        Assert.Equal(["dbus.service", "firewall.service"], units.Reloads.Select(u => u.Text));
        Assert.Equal(["display-manager.service"], units.LeftAlone.Select(u => u.Text));
        Assert.True(units.RestartsSystemd);
    }

    [Fact]
    public void Names_that_are_none_are_left_out() =>
        Assert.Equal(["a.service"], Parse("would\twould restart the following units: <b>x</b>, a.service, ../../etc, --now, ", "end\t0")!.Units!.Restarts.Select(u => u.Text));

    [Fact]
    public void A_change_without_units_is_no_effect() => Assert.True(Parse("would\twould activate the configuration...", "would\twould update /etc", "end\t0")!.Units!.None);

    [Theory]
    [InlineData("""{"dbus":"dbus"}""", """{"dbus":"broker"}""", CheckState.Failed, true)]
    [InlineData("""{"dbus":"dbus"}""", """{"dbus":"dbus","new":"1"}""", CheckState.Ok, false)]
    [InlineData("""{"old":"1"}""", "{}", CheckState.Ok, false)]
    [InlineData("{", "{}", CheckState.Warning, false)]
    [InlineData("[]", "{}", CheckState.Warning, false)]
    public void Inhibitors_that_both_have_and_that_differ_need_a_restart(string old, string now, CheckState state, bool onlyByReboot)
    {
        var preview = Parse($"inhibitors\t{old}\t{now}", "end\t1")!;

        Assert.Equal((state, onlyByReboot), (preview.Checks.Single(c => c.Name == "inhibitors").State, preview.OnlyByReboot));
    }

    [Theory]
    [InlineData(0, CheckState.Ok)]
    [InlineData(3, CheckState.Ok)]
    [InlineData(-9, CheckState.Warning)]
    [InlineData(3600, CheckState.Warning)]
    public void A_clock_that_is_far_off_is_worth_a_word(int seconds, CheckState state) =>
        Assert.Equal(state, Parse($"clock\t{Now.AddSeconds(seconds).ToUnixTimeMilliseconds()}000", "end\t0")!.Checks.Single().State);

    [Fact]
    public void Without_the_last_line_there_is_no_preview() => Assert.Null(Parse("check\tvalid\tok\t"));

    [Fact]
    public void A_dry_run_that_failed_shows_no_units_and_says_why()
    {
        var preview = Parse("check\tlock\tok\t", "would\terror: something", "end\t17")!;

        Assert.Null(preview.Units);
        Assert.Equal(new PreviewCheck("dry-run", CheckState.Warning, "The dry run did not succeed: error: something"), preview.Checks[^1]);
    }

    [Fact]
    public void A_failed_check_stands_with_its_reason() =>
        Assert.Equal([new PreviewCheck("disk", CheckState.Failed, "Only 3 MiB are free on /boot.")], Parse("check\tdisk\tfailed\tOnly 3 MiB are free on /boot. ", "end\t-")!.Checks);

    [Fact]
    public void Units_that_cannot_be_watched_there_are_named() =>
        Assert.Equal(["agent-scout.service", "clerk.service"], Parse("missing\tagent-scout.service, clerk.service", "end\t0")!.Missing.Select(unit => unit.Text));

    [Fact]
    public void What_a_restart_brings_is_told_part_by_part()
    {
        var preview = Parse("reboot\tinitrd", "reboot\tsystemd", "reboot", "end\t0")!;

        Assert.Equal((true, BootParts.Initrd | BootParts.Systemd), (preview.RebootNeeded, preview.Waiting));
        Assert.False(Parse("end\t0")!.RebootNeeded);
    }

    private static SwitchPreview? Parse(params string[] lines) => SwitchPreview.Parse(lines, Now, Now);
}
