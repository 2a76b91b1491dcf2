using OsModa.Core.Comparison;
using OsModa.Core.Observation;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class SwitchRulesTests
{
    private const string Plain = "[Service]\nExecStart=/bin/a\n";
    private const string Other = "[Service]\nExecStart=/bin/b\n";

    private readonly Systems _systems = new();

    [Fact]
    public void A_changed_service_is_stopped_and_started() =>
        Fates("a.service: StopAndStart", _systems.Unit("a.service", Plain, Other).Runs("a.service"));

    [Fact]
    public void A_changed_service_that_does_not_run_is_left_alone() =>
        Fates("", _systems.Unit("a.service", Plain, Other).Runs("b.service"));

    [Theory]
    [InlineData("", "multi-user.target", "a.service: Start")]
    [InlineData("", "other.target", "")]
    [InlineData("Type=oneshot\n", "multi-user.target", "")]
    [InlineData("[Unit]\nConditionPathExists=/x\n", "multi-user.target", "")]
    public void A_changed_service_that_failed_starts_if_something_that_runs_wants_it(string settings, string by, string fates) =>
        Fates(fates, _systems.Unit("a.service", Plain, Other + settings).Wanted("a.service", by).Runs("multi-user.target"));

    [Fact]
    public void A_removed_service_is_stopped() => Fates("a.service: Stop", _systems.Unit("a.service", Plain, null).Runs("a.service"));

    [Fact]
    public void A_masked_service_is_stopped() => Fates("a.service: Stop", _systems.Masked("a.service", Plain).Runs("a.service"));

    [Fact]
    public void A_removed_service_may_ask_to_run_on() =>
        Fates("", _systems.Unit("a.service", "[Unit]\nX-StopOnRemoval=false\n" + Plain, null).Runs("a.service"));

    [Fact]
    public void A_new_service_starts_if_something_that_runs_wants_it() =>
        Fates("a.service: Start", _systems.Unit("a.service", null, Plain).Unit("multi-user.target.wants/a.service", null, Plain).Runs("multi-user.target"));

    [Fact]
    public void A_new_service_that_runs_already_is_not_started() =>
        Fates("", _systems.Unit("a.service", null, Plain).Unit("multi-user.target.wants/a.service", null, Plain).Runs("multi-user.target", "a.service"));

    [Fact]
    public void A_new_service_that_nobody_wants_does_not_start() => Fates("", _systems.Unit("a.service", null, Plain).Runs("multi-user.target"));

    [Theory]
    [InlineData("Description=new", "")]
    [InlineData("Documentation=man:a(8)", "")]
    [InlineData("OnFailure=mail.service", "")]
    [InlineData("OnSuccess=mail.service", "")]
    [InlineData("OnFailureJobMode=fail", "")]
    [InlineData("IgnoreOnIsolate=yes", "")]
    [InlineData("StopWhenUnneeded=yes", "")]
    [InlineData("RefuseManualStart=yes", "")]
    [InlineData("AllowIsolate=yes", "")]
    [InlineData("CollectMode=inactive-or-failed", "")]
    [InlineData("SourcePath=/x", "")]
    [InlineData("X-Reload-Triggers=/nix/store/x", "a.service: Reload")]
    [InlineData("X-Restart-Triggers=/nix/store/x", "a.service: StopAndStart")]
    [InlineData("After=network.target", "a.service: StopAndStart")]
    [InlineData("StartLimitIntervalSec=0", "a.service: StopAndStart")]
    public void What_is_added_to_the_section_Unit_decides(string setting, string fates)
    {
        Fates(fates, _systems.Unit("a.service", "[Unit]\nWants=b\n" + Plain, $"[Unit]\nWants=b\n{setting}\n" + Plain).Runs("a.service"));
    }

    [Theory]
    [InlineData("[Unit]\nX-Reload-Triggers=a\n", "[Unit]\nX-Reload-Triggers=b\n", "a.service: Reload")]
    [InlineData("[Unit]\nX-Reload-Triggers=a\n", "", "")]
    [InlineData("", "[Unit]\nX-Reload-Triggers=a\n", "a.service: Reload")]
    [InlineData("", "[Unit]\nDescription=a\n", "")]
    [InlineData("[Unit]\nAfter=x\n", "", "a.service: StopAndStart")]
    [InlineData("", "[Install]\nWantedBy=multi-user.target\n", "")]
    [InlineData("[Install]\nWantedBy=a.target\n", "[Install]\nWantedBy=b.target\n", "")]
    [InlineData("", "[X-Mine]\nA=b\n", "a.service: StopAndStart")]
    [InlineData("# a\n", "; b\n\n", "")]
    [InlineData("[Service]\nEnvironment=A=1\nEnvironment=B=2\n", "[Service]\nEnvironment=B=2\nEnvironment=A=1\n", "a.service: StopAndStart")]
    [InlineData("[Service]\nExecStart=a \\\n  b\n", "[Service]\nExecStart=a  b\n", "")]
    public void Sections_and_keys_count_by_what_they_say(string old, string @new, string fates) =>
        Fates(fates, _systems.Unit("a.service", old + Plain, @new + Plain).Runs("a.service"));

    [Theory]
    [InlineData("[Service]\nX-ReloadIfChanged=true\n", UnitFate.Reload)]
    [InlineData("[Service]\nX-RestartIfChanged=false\n", UnitFate.KeptRunning)]
    [InlineData("[Unit]\nRefuseManualStop=yes\n", UnitFate.KeptRunning)]
    [InlineData("[Unit]\nX-OnlyManualStart=true\n", UnitFate.KeptRunning)]
    [InlineData("[Service]\nX-StopIfChanged=false\n", UnitFate.Restart)]
    [InlineData("[Service]\nX-ReloadIfChanged=true\nX-RestartIfChanged=false\n", UnitFate.Reload)]
    [InlineData("[Service]\nX-RestartIfChanged=false\nX-StopIfChanged=false\n", UnitFate.KeptRunning)]
    public void A_service_says_itself_how_it_takes_a_change(string wish, UnitFate fate) =>
        Fates($"a.service: {fate}", _systems.Unit("a.service", wish + Plain, wish + Other).Runs("a.service"));

    [Fact]
    public void The_new_file_decides_about_wishes_not_the_old_one() =>
        Fates("a.service: StopAndStart", _systems.Unit("a.service", "[Service]\nX-RestartIfChanged=false\n", Plain).Runs("a.service"));

    [Fact]
    public void A_wish_in_a_drop_in_that_did_not_change_counts() =>
        Fates("a.service: KeptRunning", _systems.Unit("a.service", Plain, Other).Alike("etc/systemd/system/a.service.d/overrides.conf", "[Service]\nX-RestartIfChanged=false\n").Runs("a.service"));

    [Fact]
    public void A_changed_drop_in_is_a_change_of_its_unit() =>
        Fates("a.service: StopAndStart", _systems.Alike("etc/systemd/system/a.service", Plain).File("etc/systemd/system/a.service.d/limits.conf", "[Service]\nLimitNOFILE=1\n", "[Service]\nLimitNOFILE=2\n").Runs("a.service"));

    [Fact]
    public void What_a_drop_in_takes_back_may_change() =>
        Fates("", _systems.Unit("a.service", Plain, Other).Alike("etc/systemd/system/a.service.d/overrides.conf", "[Service]\nExecStart=\nExecStart=/bin/c\n").Runs("a.service"));

    [Theory]
    [InlineData("a.slice", "")]
    [InlineData("a.path", "")]
    [InlineData("a.socket", "")]
    [InlineData("multi-user.target", "")]
    [InlineData("a.timer", "a.timer: Restart")]
    [InlineData("srv.mount", "srv.mount: Restart")]
    [InlineData("-.mount", "-.mount: Reload")]
    [InlineData("nix.mount", "nix.mount: Reload")]
    public void Kinds_of_units_differ(string unit, string fates) =>
        Fates(fates, _systems.Unit(unit, "[Mount]\nWhat=/dev/a\n", "[Mount]\nWhat=/dev/b\n").Runs(unit));

    [Fact]
    public void A_mount_with_other_options_is_mounted_again_in_place() =>
        Fates("srv.mount: Reload", _systems.Unit("srv.mount", "[Mount]\nOptions=ro\n", "[Mount]\nOptions=rw\n").Runs("srv.mount"));

    [Fact]
    public void A_target_may_ask_to_be_stopped_with_each_switch() =>
        Fates("a.target: StopAndStart", _systems.Unit("a.target", "[Unit]\nAfter=x\n", "[Unit]\nX-StopOnReconfiguration=yes\n").Runs("a.target"));

    [Fact]
    public void A_service_with_a_running_socket_waits_for_the_next_connection() =>
        Fates("a.service: StopUntilAsked, a.socket: StopAndStart", _systems.Unit("a.service", Plain, Other).Runs("a.service", "a.socket"));

    [Fact]
    public void A_service_that_is_not_started_by_its_socket_says_so() =>
        Fates("a.service: StopAndStart, a.socket: StopAndStart", _systems.Unit("a.service", Plain, Other + "X-NotSocketActivated=true\n").Runs("a.service", "a.socket"));

    [Fact]
    public void A_service_names_its_sockets() =>
        Fates("a.service: StopUntilAsked, b.socket: StopAndStart, c.socket: StopAndStart", _systems.Unit("a.service", Plain, Other + "Sockets=b.socket c.socket\n").Runs("a.service", "b.socket", "c.socket"));

    [Fact]
    public void Of_a_template_each_running_instance_is_restarted()
    {
        _systems.Unit("getty@.service", Plain, Other).Runs("getty@tty1.service", "getty@tty2.service", "other@tty1.service");

        Fates("getty@tty1.service: StopAndStart, getty@tty2.service: StopAndStart", _systems);
        Assert.Equal(UnitFate.StopAndStart, Assert.Single(_systems.Forecast().Changes).Fate);
    }

    [Fact]
    public void A_changed_drop_in_of_an_instance_is_a_change_of_that_instance_alone() => Fates(
        "getty@tty1.service: StopAndStart",
        _systems.Alike("etc/systemd/system/getty@.service", Plain).File("etc/systemd/system/getty@tty1.service.d/overrides.conf", "[Service]\nA=1\n", "[Service]\nA=2\n").Runs("getty@tty1.service", "getty@tty2.service"));

    [Fact]
    public void An_instance_that_gets_a_drop_in_has_both_texts()
    {
        _systems.Alike("etc/systemd/system/getty@.service", Plain).File("etc/systemd/system/getty@tty1.service.d/overrides.conf", null, "[Service]\nA=2\n").Runs("getty@tty1.service");

        var change = Assert.Single(_systems.Forecast().Changes);

        Assert.Equal((Plain, Plain + "\n[Service]\nA=2\n", UnitFate.StopAndStart), (change.Old, change.New, change.Fate));
    }

    [Fact]
    public void An_instance_takes_a_change_of_its_template_as_its_own_drop_ins_say() => Fates(
        "getty@tty1.service: KeptRunning, getty@tty2.service: StopAndStart",
        _systems.Unit("getty@.service", Plain, Other).Alike("etc/systemd/system/getty@tty1.service.d/overrides.conf", "[Service]\nX-RestartIfChanged=false\n").Runs("getty@tty1.service", "getty@tty2.service"));

    [Fact]
    public void A_unit_whose_file_cannot_be_read_is_expected_to_restart()
    {
        _systems.Unit("a.service", Plain, Other).Runs("a.service");
        var unread = new SystemFiles(_systems.To.Entries, System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, FileText> { ["etc/systemd/system/a.service"] = new(9_000_000, null) }));

        var (_, fates) = new SwitchRules(new UnitFiles(_systems.From, unread), RunningUnits.All).Apply();

        Assert.Equal(UnitFate.StopAndStart, fates[UnitName.Parse("a.service")]);
    }

    private static void Fates(string expected, Systems systems) => Assert.Equal(expected, systems.Fates());
}
