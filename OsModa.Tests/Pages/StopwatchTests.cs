using Bunit;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Observation;
using OsModa.Dashboard.Pages.Rollback;
using Xunit;

namespace OsModa.Tests.Pages;

public sealed class StopwatchTests : BunitContext
{
    private readonly HandClock _clock = new();

    public StopwatchTests() => Services.AddSingleton<TimeProvider>(_clock);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1.6, 2)]
    [InlineData(1.9, 5)]
    [InlineData(61, 120)]
    [InlineData(9000, 7200)]
    public void The_ruler_is_the_shortest_that_fits(double seconds, double scale) => Assert.Equal(scale, StageScale.For(TimeSpan.FromSeconds(seconds), expected: TimeSpan.Zero).Seconds);

    [Fact]
    public void It_has_room_for_what_is_expected() => Assert.Equal(10, StageScale.For(TimeSpan.Zero, TimeSpan.FromSeconds(7)).Seconds);

    [Fact]
    public void Tenths_are_marked_and_halves_are_labelled()
    {
        var marks = StageScale.For(TimeSpan.FromSeconds(1)).Marks().ToList();

        Assert.Equal(21, marks.Count);
        Assert.Equal(["0.0", "0.5", "1.0", "1.5", "2.0"], marks.Where(mark => mark.Label is not null).Select(mark => mark.Label!));
    }

    [Fact]
    public void While_it_runs_the_browser_has_what_it_needs_to_tick()
    {
        var began = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(1.3));

        var watch = Draw(Running() with { StartedAt = began + TimeSpan.FromSeconds(5) }, skew: TimeSpan.FromSeconds(5));

        Assert.Equal(began.ToUnixTimeMilliseconds().ToString(), watch.Find("[data-stopwatch]").GetAttribute("data-began"));
        Assert.Equal("1.1", watch.Find("[data-open]").GetAttribute("data-open"));
        Assert.Contains("Verifying", watch.Find(".watch-now").TextContent, StringComparison.Ordinal);
        Assert.Equal(["Checks, done", "Switch to 41, done", "Verify, running", "Next boot on 41, not started"], watch.FindAll(".stage-name").Select(name => name.TextContent));
    }

    [Fact]
    public void When_it_is_over_the_figure_stands_digit_by_digit()
    {
        var progress = Running();
        progress = progress with
        {
            Stages = progress.Stages.SetItem(2, progress.Stages[2] with { Until = TimeSpan.FromSeconds(1.4) }),
            Outcome = new SwitchOutcome(SwitchVerdict.Verified, 0, "") { Took = TimeSpan.FromSeconds(1.6) },
        };

        var watch = Draw(progress);

        Assert.Equal(["1", ".", "6"], watch.FindAll(".watch-time i").Select(sign => sign.TextContent));
        Assert.Equal("Switched in 0.9 s, verified at 1.6 s", watch.Find(".watch-now b").TextContent);
        Assert.Empty(watch.FindAll("[data-open]"));
        Assert.Equal("--at:1.6", watch.Find(".now-line").GetAttribute("style"));
    }

    private static SwitchProgress Running() => new(Guid.NewGuid(), null, [Stage("preflight", 0, 0.2), Stage("activate", 0.2, 1.1), Stage("verify", 1.1, null)], []) { Generation = 41 };

    private static SwitchStage Stage(string name, double from, double? until) =>
        new(name, TimeSpan.FromSeconds(from), until is { } end ? TimeSpan.FromSeconds(end) : null, false, "");

    private IRenderedComponent<SwitchWatch> Draw(SwitchProgress progress, TimeSpan? skew = null) =>
        Render<SwitchWatch>(parameters => parameters.Add(w => w.Progress, progress).Add(w => w.Skew, skew));
}
