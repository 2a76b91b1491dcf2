using System.Collections.Immutable;
using Bunit;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;
using OsModa.Dashboard.Components;
using Xunit;

namespace OsModa.Tests.Components;

public sealed class LastChangeTextTests : BunitContext
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private readonly ServerState _live = new() { Server = ServerId.New(), Reach = Reach.Live, HeardAt = At };

    [Fact]
    public void A_switch_comes_first() => Says("switching · by hand", _live with
    {
        Switch = new SwitchProgress(null, null, [], []),
        LastChange = new LastChange(At, ChangeKind.UnitRecovered, "nginx", false),
    });

    [Fact]
    public void Then_that_it_is_not_heard_and_why() => Says(
        "not heard since · connection timed out, trying again",
        _live with { Reach = Reach.Lost, Fault = new ConnectionFault(ConnectionFaultKind.TimedOut, "web1 did not answer within 10 s.") });

    [Fact]
    public void A_server_that_waits_for_a_person_is_not_tried_again() => Says(
        "never heard · host key changed, not connected",
        new ServerState { Server = ServerId.New(), Reach = Reach.Stopped, Fault = new ConnectionFault(ConnectionFaultKind.HostKeyChanged, "Another key.") });

    [Fact]
    public void Then_the_unit_in_trouble_with_the_words_of_its_journal() => Says(
        "nginx failed and 1 more · host not found in upstream ·",
        _live with { Units = Units(Unit("scout.service", UnitHealth.CrashLoop), Unit("nginx.service", UnitHealth.Failed) with { Why = "host not found in upstream", ChangedAt = At }) });

    [Fact]
    public void Then_what_changed_last_and_whether_it_was_ours() => Says(
        "rolled back to 41 · not by osModa ·",
        _live with { LastChange = new LastChange(At, ChangeKind.RolledBackTo, "41", Ours: false) });

    [Fact]
    public void A_hostile_cause_stays_text()
    {
        var text = Draw(_live with { Units = Units(Unit("nginx.service", UnitHealth.Failed) with { Why = "<script>alert(1)</script>" }) });

        Assert.Empty(text.FindAll("script"));
        Assert.Contains("<script>", Text(text), StringComparison.Ordinal);
    }

    private static ImmutableSortedDictionary<UnitName, UnitState> Units(params UnitState[] units) => units.ToImmutableSortedDictionary(unit => unit.Name, unit => unit);

    private static UnitState Unit(string name, UnitHealth health) => new() { Name = UnitName.Parse(name), Health = health };

    private static string Text(IRenderedComponent<LastChangeText> text) => string.Join(' ', string.Concat(text.Nodes.Select(node => node.TextContent)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private void Says(string words, ServerState state) => Assert.Equal(words, Text(Draw(state)));

    private IRenderedComponent<LastChangeText> Draw(ServerState state) => Render<LastChangeText>(parameters => parameters.Add(t => t.State, state));
}
