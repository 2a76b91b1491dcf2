using System.Diagnostics;
using OsModa.Core.Comparison;
using Xunit;

namespace OsModa.Tests.Comparison;

public sealed class UnitFileTests
{
    // Far more than it takes, and far less than the square of the lines takes.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(10);

    [Fact]
    public void Lines_that_go_on_without_end_cost_no_more_than_others()
    {
        var begun = Stopwatch.GetTimestamp();

        UnitFile.Parse(["[Service]\n" + string.Concat(Enumerable.Repeat("\\\n", 1_000_000))]);

        Assert.True(Stopwatch.GetElapsedTime(begun) < Enough);
    }

    [Fact]
    public void A_setting_of_sshd_that_is_repeated_without_end_costs_no_more_than_others()
    {
        var begun = Stopwatch.GetTimestamp();
        var text = string.Concat(Enumerable.Repeat("a b\nPort 1\nPermitRootLogin no\n", 300_000));

        Assert.Empty(AccessChanges.Find([new FileChange("ssh/sshd_config", FileChangeKind.Changed, new FileText(text.Length, text), new FileText(text.Length, text))]));

        Assert.True(Stopwatch.GetElapsedTime(begun) < Enough);
    }

    [Fact]
    public void A_line_goes_on_past_comments() =>
        Assert.Equal(["a  b"], UnitFile.Parse(["[Service]\nExecStart=a \\\n# not this\nb\n"]).Values("Service", "ExecStart"));

    [Fact]
    public void An_empty_value_takes_back_those_before_it_and_its_key_stays()
    {
        var file = UnitFile.Parse(["[Service]\nExecStart=/a\nExecStart=/b\nUser=web\n", "[Service]\nExecStart=\nExecStart=/c\nUser=\n"]);

        Assert.Equal(["/c"], file.Values("Service", "ExecStart"));
        Assert.Empty(file.Values("Service", "User"));
        Assert.Null(file.Last("Service", "User"));
        Assert.True(file.Section("Service").ContainsKey("User"));
    }

    [Fact]
    public void What_an_empty_value_takes_back_is_not_the_program_of_the_unit() => Assert.Equal(
        ("b", "2"),
        UnitProgram.Of("[Service]\nExecStart=/nix/store/00000000000000000000000000000000-a-1/bin/a\nExecStart=\nExecStart=/nix/store/11111111111111111111111111111111-b-2/bin/b\n"));
}
