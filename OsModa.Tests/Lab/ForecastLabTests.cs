using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Ssh;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>What is foretold of a switch, against what the server's own dry run says, and against what a real switch then does.</summary>
[Trait("Tier", "lab")]
public sealed class ForecastLabTests
{
    [Theory]
    [InlineData("small", "healthy", "base", "packages", "unit", "file", "kernel", "healthy")]
    [InlineData("troubles", "stubborn", "healthy")]
    [InlineData("rules", "rulesAfter", "rulesBefore")]
    public async Task What_is_foretold_of_units_is_what_the_dry_run_says_and_what_happens(string store, params string[] ideas)
    {
        await using var server = await ObservedServer.UpAsync("--store", store);
        var shell = await server.ShellAsync();
        foreach (var idea in ideas.Select(OperationLab.Generation).Where(number => number != server.State.Pins!.NextBootNumber))
        {
            var from = server.State.Pins!.Current!.Value;
            var to = server.State.Generations.Single(g => g.Number == idea).System;
            var difference = await ComparisonReader.ReadAsync(shell, from, to, null, null, _ => { }, TestContext.Current.CancellationToken);
            var dryRun = await SwitchPreview.ReadAsync(shell, to, idea, [], TimeProvider.System, TestContext.Current.CancellationToken);

            var forecast = Forecast.Of(difference!, RunningUnits.Of(server.State.Units.Values), dryRun.Units);
            var before = await RunsAsync(server);
            await server.Machine.SwitchAsync(idea, mayFail: true);
            var after = await RunsAsync(server);

            Assert.Empty(forecast.Disagreements);
            Assert.Equal(
                string.Join(", ", forecast.With(UnitFate.StopAndStart, UnitFate.Restart, UnitFate.Start).Select(unit => unit.Text).Where(IsService)),
                string.Join(", ", after.Where(run => before.GetValueOrDefault(run.Key) != run.Value).Select(run => run.Key).Where(IsService).Order(StringComparer.Ordinal)));
            Assert.Equal(
                string.Join(", ", forecast.With(UnitFate.Stop, UnitFate.StopUntilAsked).Select(unit => unit.Text).Where(IsService)),
                string.Join(", ", before.Keys.Except(after.Keys).Where(IsService).Order(StringComparer.Ordinal)));
            await server.SeesAsync(state => state.Pins?.Current == to);
        }
    }

    private static bool IsService(string unit) => unit.EndsWith(".service", StringComparison.Ordinal);

    /// <summary>Each running unit with the id of its run, which is another one after a restart.</summary>
    private static async Task<Dictionary<string, string>> RunsAsync(ObservedServer server)
    {
        var told = await server.Machine.ShellAsync("systemctl show --property=Id,InvocationID,ActiveState '*.service'");
        return told.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]))
            .Where(unit => unit["ActiveState"] is "active" or "activating")
            .ToDictionary(unit => unit["Id"], unit => unit["InvocationID"], StringComparer.Ordinal);
    }
}
