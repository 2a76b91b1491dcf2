using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Observation;
using OsModa.Dashboard.Pages.OneServer;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class UnitTableTests : BunitContext
{
    private readonly HandClock _clock = new();
    private readonly IRenderedComponent<UnitTable> _table;

    public UnitTableTests()
    {
        Services.AddLogging();
        Services.AddSingleton<TimeProvider>(_clock);
        _table = Render<UnitTable>(parameters => parameters
            .Add(table => table.Address, "/servers/x")
            .Add(table => table.Units, [Unit("b.service", UnitHealth.Healthy), Unit("a.service", UnitHealth.Healthy)]));
    }

    [Fact]
    public void Lines_stand_by_name_and_are_seen_by_rank()
    {
        Show(UnitHealth.Failed);

        Assert.Equal("a.service 5, b.service 0", Lines());
    }

    [Fact]
    public void Nothing_moves_under_the_pointer_until_it_has_left()
    {
        Body.TriggerEvent("onpointerenter", new PointerEventArgs());
        Show(UnitHealth.Failed);
        Assert.Equal("a.service 5, b.service 5", Lines());
        Assert.Contains("failed", _table.Find("[data-unit='b.service'] .unit-state").TextContent, StringComparison.Ordinal);

        Body.TriggerEvent("onpointerleave", new PointerEventArgs());

        Assert.Equal("a.service 5, b.service 0", Lines());
    }

    [Fact]
    public void Under_a_pointer_that_only_rests_the_due_order_comes()
    {
        Body.TriggerEvent("onpointerenter", new PointerEventArgs());
        Show(UnitHealth.Failed);

        _clock.Advance(TimeSpan.FromSeconds(11));

        _table.WaitForAssertion(() => Assert.Equal("a.service 5, b.service 0", Lines()));
    }

    [Fact]
    public void Nothing_moves_while_the_focus_goes_from_one_line_to_the_next()
    {
        Body.TriggerEvent("onfocusin", new FocusEventArgs());
        Show(UnitHealth.Failed);
        Body.TriggerEvent("onfocusout", new FocusEventArgs());
        Body.TriggerEvent("onfocusin", new FocusEventArgs());
        Body.TriggerEvent("onpointerenter", new PointerEventArgs());
        Body.TriggerEvent("onpointerleave", new PointerEventArgs());
        Assert.Equal("a.service 5, b.service 5", Lines());

        Body.TriggerEvent("onfocusout", new FocusEventArgs());
        Assert.Equal("a.service 5, b.service 5", Lines());
        _clock.Advance(TimeSpan.FromMilliseconds(200));

        _table.WaitForAssertion(() => Assert.Equal("a.service 5, b.service 0", Lines()));
    }

    [Fact]
    public void Only_the_line_that_has_changed_is_drawn_again()
    {
        var (still, moves) = (Line("a.service"), Line("b.service"));
        var (before, beforeMoves) = (still.RenderCount, moves.RenderCount);

        Show(UnitHealth.Failed);

        Assert.Equal((before, beforeMoves + 1), (still.RenderCount, moves.RenderCount));
    }

    [Fact]
    public void Units_of_a_server_that_is_not_heard_are_stale_and_say_what_they_were()
    {
        _table.Render(parameters => parameters.Add(table => table.Reach, Reach.Lost));

        Assert.All(_table.FindAll("tbody .unit-state"), state => Assert.Equal("stale", state.TextContent.Trim()));
        Assert.Equal("was running when last heard", _table.Find("[data-unit='a.service'] .unit-state").GetAttribute("title"));

        _table.Render(parameters => parameters.Add(table => table.Reach, Reach.Live));

        Assert.All(_table.FindAll("tbody .unit-state"), state => Assert.Equal("running", state.TextContent.Trim()));
    }

    private AngleSharp.Dom.IElement Body => _table.Find("tbody");

    private IRenderedComponent<UnitLine> Line(string name) => _table.FindComponents<UnitLine>().Single(line => line.Instance.Unit.Name.Text == name);

    // The other unit stays the very same object, as in the state of a server.
    private void Show(UnitHealth health) => _table.Render(parameters => parameters
        .Add(table => table.Units, [.. _table.Instance.Units.Select(unit => unit.Name.Text == "b.service" ? Unit("b.service", health) : unit)]));

    private string Lines() => string.Join(", ", _table.FindAll("[data-unit]").Select(line => $"{line.GetAttribute("data-unit")} {line.ClassName!.Split(' ')[0]["rank-".Length..]}"));

    private static UnitState Unit(string name, UnitHealth health) =>
        new() { Name = UnitName.Parse(name), Health = health, Activity = health == UnitHealth.Failed ? UnitActivity.Failed : UnitActivity.Active, Sub = health == UnitHealth.Failed ? "failed" : "running" };
}
