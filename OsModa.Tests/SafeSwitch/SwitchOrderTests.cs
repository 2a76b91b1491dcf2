using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using Xunit;

namespace OsModa.Tests.SafeSwitch;

public sealed class SwitchOrderTests
{
    private const string Old = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-42";
    private const string New = "/nix/store/1123456789abcdfghijklmnpqrsvwxyz-nixos-system-web1-43";
    private static readonly Guid Undo = Guid.Parse("0198c0de-0000-7000-8000-00000000000b");

    [Fact]
    public void An_order_says_all_that_the_server_has_to_know()
    {
        var plan = SwitchPlan.Deployment with
        {
            Watched = [UnitName.Parse("agent-scout.service")],
            Checks = [new HealthCheck.OfUnit(Name("web"), UnitName.Parse("nginx.service")), new HealthCheck.OfPort(Name("port"), Host("127.0.0.1"), Port("8080"))],
        };

        Assert.Equal(
            ["order\t2", "mode\tnow", $"target\t{New}\t43", $"expected\t{Old}", "probation\t10", "confirm\t30", "early\tno", "stand\t0\t0\t-",
                "watch\tagent-scout.service", "check\tweb\tunit\tnginx.service", "check\tport\ttcp\t127.0.0.1\t8080", ""],
            Text(SwitchMode.Now, plan).Split('\n'));
    }

    [Fact]
    public void A_rollback_by_hand_is_made_the_default_early_and_watched_afterwards()
    {
        var text = Text(SwitchMode.Now, SwitchPlan.ByHand with { UndoOperation = Undo });

        Assert.Contains("probation\t0\nconfirm\t0\nearly\tyes\nstand\t60\t30\t0198c0de-0000-7000-8000-00000000000b\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_standing_watch_of_what_has_proved_itself_is_told_not_to_go_below_it()
    {
        var now = DateTimeOffset.UnixEpoch;

        Assert.Contains("floor\tyes\n", Text(SwitchMode.Now, SwitchPlan.ByHand.ToOrder(SwitchMode.Now, isFloor: true, now)), StringComparison.Ordinal);
        Assert.DoesNotContain("floor", Text(SwitchMode.Now, SwitchPlan.ByHand.ToOrder(SwitchMode.Now, isFloor: false, now)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_by_a_restart_has_no_standing_watch() =>
        Assert.Contains("early\tno\nstand\t0\t0\t-\n", Text(SwitchMode.Restart, SwitchPlan.ByHand.ToOrder(SwitchMode.Restart, isFloor: true, DateTimeOffset.UnixEpoch)), StringComparison.Ordinal);

    [Fact]
    public void Without_an_operation_to_go_back_with_nobody_stands_watch() => Assert.Contains("stand\t0\t30\t-\n", Text(SwitchMode.Now, SwitchPlan.ByHand), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.2, "1")]
    [InlineData(-5, "0")]
    [InlineData(1e7, "86400")]
    public void Times_are_whole_seconds_within_a_day(double seconds, string said) =>
        Assert.Contains($"probation\t{said}\n", Text(SwitchMode.Restart, SwitchPlan.Deployment with { Probation = TimeSpan.FromSeconds(seconds) }), StringComparison.Ordinal);

    [Fact]
    public void More_checks_than_fit_are_a_mistake() =>
        Assert.Throws<InvalidOperationException>(() => Text(SwitchMode.Now, new SwitchPlan { Watched = [.. Enumerable.Repeat(UnitName.Parse("a.service"), 101)] }));

    private static string Text(SwitchMode mode, SwitchPlan plan) => new SwitchOrder(Guid.NewGuid(), mode, StorePath.Parse(New), 43, StorePath.Parse(Old), plan).Text;

    private static HealthCheckName Name(string text) => HealthCheckName.TryParse(text, out var name, out _) ? name : throw new FormatException(text);

    private static HostAddress Host(string text) => HostAddress.TryParse(text, out var host, out _) ? host : throw new FormatException(text);

    private static TcpPort Port(string text) => TcpPort.TryParse(text, out var port, out _) ? port : throw new FormatException(text);
}
