using Bunit;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages.Comparing;

public sealed class WhatChangedForTests : BunitContext
{
    [Theory]
    [InlineData(UnitHealth.Failed)]
    [InlineData(UnitHealth.CrashLoop)]
    public void A_unit_that_fails_leads_to_what_the_last_switch_changed_near_it(UnitHealth health) =>
        Assert.Equal("/servers/x/compare/39..42?unit=a%40b.service", Show(health, [(43, 'd'), (42, 'c'), (41, 'c'), (40, 'b'), (39, 'a')], gone: 40).Find("a").GetAttribute("href"));

    [Fact]
    public void One_that_runs_has_nothing_to_explain() => Assert.Empty(Show(UnitHealth.Healthy, [(42, 'c'), (41, 'b')]).FindAll("a"));

    [Fact]
    public void Without_an_older_system_there_is_nothing_to_compare_with() => Assert.Empty(Show(UnitHealth.Failed, [(42, 'c'), (41, 'c')]).FindAll("a"));

    private static StorePath System(char mark) => StorePath.Parse($"/nix/store/{new string(mark, 32)}-nixos-system-a");

    private IRenderedComponent<WhatChangedFor> Show(UnitHealth health, (int Number, char System)[] generations, int gone = 0)
    {
        var state = new ServerState
        {
            Server = ServerId.New(),
            Pins = new SystemPins(System('c'), System('c'), System('c'), 42, false),
            Generations = [.. generations.Select(g => new Generation { Number = g.Number, System = System(g.System), ActivatedAt = DateTimeOffset.UnixEpoch, GoneAt = g.Number == gone ? DateTimeOffset.UnixEpoch : null })],
        };
        return Render<WhatChangedFor>(parameters => parameters.Add(p => p.Unit, new UnitState { Name = UnitName.Parse("a@b.service"), Health = health }).Add(p => p.State, state).Add(p => p.Address, "/servers/x"));
    }
}
