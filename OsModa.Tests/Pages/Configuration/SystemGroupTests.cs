using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Live;
using OsModa.Dashboard.Pages.Configuration.Fleetwide;
using Xunit;

namespace OsModa.Tests.Pages.Configuration;

public sealed class SystemGroupTests
{
    [Fact]
    public void Servers_are_told_by_the_system_they_run_the_most_common_first_and_the_silent_last()
    {
        var cards = new[] { "a", "b", "c", "d", "e" }.Select(name => new ServerCard(new ServerId(Guid.NewGuid()), default, name, "", [], default)).ToImmutableArray();
        var runs = new Dictionary<string, StorePath?>(StringComparer.Ordinal) { ["a"] = null, ["b"] = System('1'), ["c"] = System('2'), ["d"] = System('2'), ["e"] = System('3') };

        var groups = SystemGroup.Of(cards, id => State(id, runs[cards.Single(card => card.Id == id).Name]));

        Assert.Equal(["c d", "b", "e", "a"], groups.Select(group => string.Join(' ', group.Servers.Select(server => server.Name))));
        Assert.Equal([System('2'), System('1'), System('3'), null], groups.Select(group => group.System));
        Assert.True(groups[0].SameAs(SystemGroup.Of(cards.Reverse(), id => State(id, System('2')))[0] with { Servers = groups[0].Servers }));
    }

    private static StorePath System(char sign) => StorePath.TryParse($"/nix/store/{new string(sign, 32)}-nixos-system-x-24.05", out var path) ? path : throw new FormatException();

    private static ServerState State(ServerId id, StorePath? system) => new() { Server = id, Pins = system is { } current ? new SystemPins(current, current, current, 1, false) : null };
}
