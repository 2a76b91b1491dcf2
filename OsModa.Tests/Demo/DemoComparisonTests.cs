using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Demo.Life;
using Xunit;

namespace OsModa.Tests.Demo;

public sealed class DemoComparisonTests : IDisposable
{
    private readonly HandClock _clock = new();
    private readonly DemoFleet _fleet;

    public DemoComparisonTests() => _fleet = new DemoFleet(new DemoSettings(), _clock);

    [Fact]
    public async Task Two_simulated_servers_are_compared_as_two_real_ones()
    {
        var (web, edge) = (await WholeAsync("web1"), await WholeAsync("edge-fr"));

        var difference = SystemContents.Between(web, edge);

        Assert.Contains(difference.Units, unit => unit is { Unit.Text: "haproxy.service", Old: null, New: not null });
        Assert.Contains(difference.Units, unit => unit is { Unit.Text: "postgresql.service", Old: not null, New: null });
        Assert.Contains(difference.Packages.Changes, change => change.Name == "haproxy");
        Assert.True(difference.Boot.Known);
    }

    [Fact]
    public async Task The_text_of_a_unit_that_is_alike_is_told_when_it_is_asked_for()
    {
        var server = Outline("web1");
        var (from, to) = await NewestAsync(server);
        var unit = UnitName.Parse("boot.mount");

        var without = await ComparisonReader.ReadAsync(_fleet.ShellOf(server), from, to, null, null, _ => { }, CancellationToken.None);
        var with = await ComparisonReader.ReadAsync(_fleet.ShellOf(server), from, to, null, unit, _ => { }, CancellationToken.None);

        Assert.Null(without!.ToFiles.TextOf("etc/systemd/system/boot.mount"));
        Assert.StartsWith("[Unit]", with!.ToFiles.TextOf("etc/systemd/system/boot.mount"), StringComparison.Ordinal);
        Assert.Equal(without.Units.Select(one => one.Unit), with.Units.Select(one => one.Unit));
    }

    public void Dispose() => _fleet.Dispose();

    private ServerOutline Outline(string name) => _fleet.Outline.Single(o => o.Name == name);

    private async Task<SystemContents> WholeAsync(string name) =>
        (await ContentsReader.ReadAsync(_fleet.ShellOf(Outline(name)), (await NewestAsync(Outline(name))).To, CancellationToken.None))!;

    private async Task<(StorePath From, StorePath To)> NewestAsync(ServerOutline server)
    {
        var heard = await Listening.HearAsync(_fleet, server, _clock, TimeSpan.Zero);
        var systems = heard.Where(line => line.StartsWith("generation\t", StringComparison.Ordinal)).Select(line => StorePath.Parse(line.Split('\t')[4])).ToList();
        return (systems[^2], systems[^1]);
    }
}
