using OsModa.Core.Comparison;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using Xunit;

namespace OsModa.Tests.Lab;

/// <summary>Two real servers on different generations, each asked for its own: what comes out is what one server that holds both says.</summary>
[Trait("Tier", "lab")]
public sealed class CompareServersLabTests
{
    [Fact]
    public async Task Two_servers_differ_as_the_two_generations_do_on_one_of_them()
    {
        await using var left = await ObservedServer.UpAsync("--store", "small");
        await using var right = await ObservedServer.UpAsync("--store", "small");
        var from = left.State.Generations.Single(g => g.Number == OperationLab.Generation("base")).System;
        var to = right.State.Generations.Single(g => g.Number == OperationLab.Generation("healthy")).System;
        var (shell, other) = (await left.ShellAsync(), await right.ShellAsync());

        var whole = await Task.WhenAll(ContentsReader.ReadAsync(shell, from, TestContext.Current.CancellationToken), ContentsReader.ReadAsync(other, to, TestContext.Current.CancellationToken));
        var apart = SystemContents.Between(whole[0]!, whole[1]!);
        var together = await ComparisonReader.ReadAsync(shell, from, to, null, UnitName.Parse("redis-main.service"), _ => { }, TestContext.Current.CancellationToken);

        // Closures that are known already are not asked for again, and change nothing.
        var paths = await ClosureReader.PathsAsync(shell, [from, to], TestContext.Current.CancellationToken);
        var known = await ComparisonReader.ReadAsync(shell, from, to, BothClosures.Of(Closure.Within(paths, from), Closure.Within(paths, to)), null, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(together!.Packages.Changes.Select(change => change.Name), known!.Packages.Changes.Select(change => change.Name));
        Assert.Equal(together.Files.Select(file => file.Path), known.Files.Select(file => file.Path));

        Assert.NotEmpty(apart.Units);
        Assert.Equal(together.Units.Select(unit => (unit.Unit, unit.Old, unit.New)), apart.Units.Select(unit => (unit.Unit, unit.Old, unit.New)));
        Assert.Equal(together.Files.Select(file => (file.Path, file.Kind, file.New?.Text)), apart.Files.Select(file => (file.Path, file.Kind, file.New?.Text)));
        Assert.Equal(together.Packages.Changes.Select(change => (change.Name, change.Kind)), apart.Packages.Changes.Select(change => (change.Name, change.Kind)));
        Assert.Equal(together.Boot.Kernel, apart.Boot.Kernel);
        Assert.Equal(together.Security, apart.Security);
    }

    [Fact]
    public async Task An_agent_that_crashes_has_its_own_program_as_the_nearest_suspect()
    {
        await using var server = await ObservedServer.UpAsync("--store", "small");
        var systems = server.State.Generations.ToDictionary(g => g.Number, g => g.System);
        var (before, crashing, unit) = (systems[OperationLab.Generation("kernel")], systems[OperationLab.Generation("crashLoop")], UnitName.Parse("agent-scout.service"));

        var difference = await ComparisonReader.ReadAsync(await server.ShellAsync(), before, crashing, null, unit, _ => { }, TestContext.Current.CancellationToken);
        var found = Suspects.Find(difference!, unit);

        Assert.NotEmpty(found);
        Assert.InRange(found[0].Closeness, 0, 2);
        Assert.Contains("scout", found[0].Subject, StringComparison.Ordinal);
    }
}
