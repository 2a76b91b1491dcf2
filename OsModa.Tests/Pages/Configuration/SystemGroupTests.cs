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

    [Fact]
    public void A_server_that_is_not_heard_now_is_marked_and_makes_its_group_another()
    {
        var cards = new[] { "a", "b", "c" }.Select(name => new ServerCard(new ServerId(Guid.NewGuid()), default, name, "", [], default)).ToImmutableArray();
        ServerState Live(ServerId id) => State(id, id == cards[2].Id ? null : System('1'));

        var live = SystemGroup.Of(cards, Live);
        var lost = SystemGroup.Of(cards, id => Live(id) with { Reach = id == cards[0].Id ? Reach.Live : Reach.Lost });

        Assert.All(live, group => Assert.Empty(group.Unheard));
        Assert.Equal(cards[1].Id, Assert.Single(lost[0].Unheard));
        Assert.Empty(lost[1].Unheard);
        Assert.False(live[0].SameAs(lost[0]));
    }

    [Fact]
    public void Servers_with_systems_of_their_own_are_told_by_the_release_that_they_were_built_from()
    {
        var cards = new[] { "a", "b", "c", "d" }.Select(name => new ServerCard(new ServerId(Guid.NewGuid()), default, name, "", [], default)).ToImmutableArray();
        var labels = new Dictionary<string, string?>(StringComparer.Ordinal) { ["a"] = null, ["b"] = "24.05.1", ["c"] = "24.11.2", ["d"] = "24.11.2" };

        var groups = ReleaseGroup.Of(cards, id => State(id, System('1')) with
        {
            Generations = [new Generation { Number = 1, System = System('1'), ActivatedAt = default, Label = labels[cards.Single(card => card.Id == id).Name] }],
        });

        Assert.Equal(["24.11.2: c d", "24.05.1: b", ": a"], groups.Select(group => $"{group.Release}: {string.Join(' ', group.Servers.Select(server => server.Name))}"));
        Assert.True(groups[0].SameAs(groups[0] with { Servers = [cards[2], cards[3]] }));
        Assert.False(groups[0].SameAs(groups[0] with { Unheard = [cards[2].Id] }));
    }

    private static StorePath System(char sign) => StorePath.TryParse($"/nix/store/{new string(sign, 32)}-nixos-system-x-24.05", out var path) ? path : throw new FormatException();

    private static ServerState State(ServerId id, StorePath? system) => new() { Server = id, Reach = Reach.Live, Pins = system is { } current ? new SystemPins(current, current, current, 1, false) : null };
}
