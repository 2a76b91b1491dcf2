using OsModa.Core.Comparison;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class VerdictTests
{
    private const string Old = "[Service]\nExecStart=/nix/store/00000000000000000000000000000000-postgresql-15.4/bin/postgres\n";
    private const string New = "[Service]\nExecStart=/nix/store/11111111111111111111111111111111-postgresql-16.2/bin/postgres\n";
    private static readonly StorePath From = StorePath.Parse("/nix/store/00000000000000000000000000000000-nixos-system-a-1"), To = StorePath.Parse("/nix/store/11111111111111111111111111111111-nixos-system-a-2");

    [Fact]
    public void Agents_are_named_first_and_the_likely_time_is_told() => Assert.Equal(
        "The agent scout and nginx restart; such switches take about 3\u00A0s here. SSH and network are not touched. Whether a reboot is needed could not be read.",
        Say(new Systems().Unit("nginx.service", "[Service]\nA=1\n", "[Service]\nA=2\n").Unit("agent-scout.service", "[Service]\nA=1\n", "[Service]\nA=2\n"), new SwitchTime(TimeSpan.FromSeconds(2.7), Alike: true)));

    [Fact]
    public void Versions_of_what_restarts_are_told() =>
        Assert.StartsWith("postgresql 15.4 → 16.2 restarts.", Say(new Systems().Unit("postgresql.service", Old, New)), StringComparison.Ordinal);

    [Fact]
    public void Many_units_are_counted() => Assert.StartsWith(
        "a, b, c and 3 more restart.",
        Say("abcdef".Aggregate(new Systems(), (systems, name) => systems.Unit($"{name}.service", "[Service]\nA=1\n", "[Service]\nA=2\n"))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("sshd.service", "A=1", "A=2", "SSH or its network restarts.")]
    [InlineData("dhcpcd.service", "A=1", "A=2", "SSH or its network restarts.")]
    [InlineData("network-addresses-eth0.service", "A=1", "A=2", "SSH or its network restarts.")]
    [InlineData("wg-quick-wg0.service", "A=1", "A=2", "SSH or its network restarts.")]
    [InlineData("br0-netdev.service", "A=1", "A=2", "SSH or its network restarts.")]
    [InlineData("tailscaled.service", "A=1", null, "SSH or its network stops for good.")]
    [InlineData("NetworkManager.service", "A=1", null, "SSH or its network stops for good.")]
    [InlineData("sshd.socket", "A=1", null, "SSH or its network stops for good.")]
    [InlineData("firewall.service", "A=1\nX-ReloadIfChanged=true", "A=2\nX-ReloadIfChanged=true", "SSH or its network reloads.")]
    public void That_the_way_to_the_server_is_touched_is_told(string unit, string old, string? @new, string how) => Assert.Contains(
        "The way to the server itself is touched: " + how,
        Say(new Systems().Unit(unit, $"[Service]\n{old}\n", @new is null ? null : $"[Service]\n{@new}\n")),
        StringComparison.Ordinal);

    [Fact]
    public void Other_rules_of_ssh_are_told_where_no_unit_of_it_is_touched() => Assert.Contains(
        "No unit of SSH or network is touched, but what they let in changes.",
        Say(new Systems().File("etc/ssh/sshd_config", "PasswordAuthentication no\n", "PasswordAuthentication yes\n")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData('0', "Kernel 6.6.2 comes with a reboot; until then 6.6.1 runs.")]
    [InlineData('1', "No reboot: kernel 6.6.2 still runs.")]
    [InlineData('2', "Kernel 6.6.2 comes with a reboot, unless it runs already.")]
    [InlineData(null, "Kernel 6.6.2 comes with a reboot, unless it runs already.")]
    public void What_comes_with_a_reboot_depends_on_what_was_booted(char? booted, string expected) =>
        Assert.EndsWith(expected, Say(new Systems().File("boot.json", Boots("6.6.1"), Boots("6.6.2")), Server(booted, waits: false)), StringComparison.Ordinal);

    [Fact]
    public void A_switch_that_is_refused_is_not_told_as_if_it_happened()
    {
        var difference = Difference(new Systems().Unit("nginx.service", "[Service]\nA=1\n", "[Service]\nA=2\n").File("switch-inhibitors", """{"dbus":"a"}""", """{"dbus":"b"}"""));
        var forecast = Forecast.Of(difference, RunningUnits.All);

        Assert.Equal(["It cannot be activated while the server runs: it comes with a reboot."], Verdict.Say(difference, forecast));
        Assert.DoesNotContain("stops and starts", ComparisonText.Markdown("web1", "41", "42", difference, forecast), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reboot_that_is_due_all_the_same_is_told_where_the_two_boot_alike() => Assert.EndsWith(
        "No reboot for this; another kernel waits for a restart all the same.",
        Say(new Systems().File("boot.json", Boots("6.6.2"), Boots("6.6.2")), Server('2', waits: true)),
        StringComparison.Ordinal);

    [Fact]
    public void Nothing_to_tell_is_told_too() => Assert.StartsWith("No service is touched.", Say(new Systems()), StringComparison.Ordinal);

    [Fact]
    public void A_database_of_another_major_version_does_not_come_back()
    {
        var lasting = Assert.Single(Forecast.Of(Difference(new Systems().Unit("postgresql.service", Old, New)), RunningUnits.All).Lasting);

        Assert.True(lasting.Serious);
        Assert.Contains("postgresql 15 to 16", lasting.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_minor_version_loses_nothing() =>
        Assert.Empty(Forecast.Of(Difference(new Systems().Unit("postgresql.service", Old, Old.Replace("15.4", "15.9", StringComparison.Ordinal))), RunningUnits.All).Lasting);

    [Fact]
    public void The_whole_can_be_copied_as_Markdown()
    {
        var difference = Difference(new Systems().Unit("a.service", "[Service]\nA=1\n", "[Service]\nA=2\n").File("etc/hosts", "1", "2"));

        var text = ComparisonText.Markdown("web1", "41", "42", difference, Forecast.Of(difference, RunningUnits.All));

        Assert.Contains("## web1: 41 → 42", text, StringComparison.Ordinal);
        Assert.Contains("- `a.service` stops and starts", text, StringComparison.Ordinal);
        Assert.Contains("- `/etc/hosts` is changed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_server_names_is_no_markup_of_the_Markdown()
    {
        var difference = Difference(new Systems()
            .File("etc/ssh/authorized_keys.d/root", "", "ssh-ed25519 AAAA ![x](https://example.org/?q)\n")
            .File("etc/a`[b](https://example.org)", "1", "2")
            .Unit("a.service", "[Service]\nA=1\n", "[Service]\nA=2\nStateDirectory=[here](https://example.org)\n"));

        var text = ComparisonText.Markdown("web1", "41", "42", difference, Forecast.Of(difference, RunningUnits.All));

        Assert.Contains(@"one more key, !\[x\](https://example.org/?q)", text, StringComparison.Ordinal);
        Assert.Contains(@"- /etc/a\`\[b\](https://example.org) is changed", text, StringComparison.Ordinal);
        Assert.Contains(@"/var/lib/\[here\](https://example.org)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("would stop the following units: a.service|would start the following units: a.service", "A dry run on the server says the same of its units.")]
    [InlineData("would reload the following units: a.service", "- `a.service` reloads; by the rules it stops and starts")]
    public void What_a_dry_run_says_is_copied_with_it(string said, string expected)
    {
        var difference = Difference(new Systems().Unit("a.service", "[Service]\nA=1\n", "[Service]\nA=2\n"));
        var dryRun = said.Length == 0 ? null : said.Split('|').Aggregate(new UnitEffects(), (effects, line) => effects.With(line));

        var text = ComparisonText.Markdown("web1", "41", "42", difference, Forecast.Of(difference, RunningUnits.All, dryRun));

        Assert.Equal(expected.Length > 0, text.Contains("dry run", StringComparison.Ordinal));
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    private static string Boots(string kernel) => $$$"""{"org.nixos.bootspec.v1":{"kernel":"/nix/store/00000000000000000000000000000000-linux-{{{kernel}}}/bzImage"}}""";

    // Runs the first of the two systems.
    private static ServerState Server(char? booted, bool waits) => new()
    {
        Server = ServerId.New(),
        Reach = Reach.Live,
        Pins = new SystemPins(From, booted is { } mark ? StorePath.Parse($"/nix/store/{new string(mark, 32)}-nixos-system-a-{(mark == '0' ? 1 : 2)}") : null, To, 42, waits) { Waiting = waits ? BootParts.Kernel : BootParts.None },
    };

    private static string Say(Systems systems, ServerState now)
    {
        var difference = Difference(systems);
        return string.Join(' ', Verdict.Say(difference, Forecast.Of(difference, now)));
    }

    private static string Say(Systems systems, SwitchTime? time = null)
    {
        var difference = Difference(systems);
        return string.Join(' ', Verdict.Say(difference, Forecast.Of(difference, RunningUnits.All), time));
    }

    private static SystemDifference Difference(Systems systems) =>
        SystemDifference.Of(From, To, PackageComparison.Between(new Closure(From, []), new Closure(To, [])), systems.From, systems.To);
}
