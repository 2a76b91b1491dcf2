using OsModa.Core.Comparison;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
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

    [Fact]
    public void That_the_way_to_the_server_is_touched_is_told() =>
        Assert.Contains("The way to the server itself is touched", Say(new Systems().Unit("sshd.service", "[Service]\nA=1\n", "[Service]\nA=2\n")), StringComparison.Ordinal);

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

    private static string Say(Systems systems, SwitchTime? time = null)
    {
        var difference = Difference(systems);
        return string.Join(' ', Verdict.Say(difference, Forecast.Of(difference, RunningUnits.All), time));
    }

    private static SystemDifference Difference(Systems systems) =>
        SystemDifference.Of(From, To, PackageComparison.Between(new Closure(From, []), new Closure(To, [])), systems.From, systems.To);
}
