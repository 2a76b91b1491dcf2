using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;
using Xunit;

namespace OsModa.Tests.Comparison.Packages;

public sealed class PackageComparisonTests
{
    [Fact]
    public void A_closure_and_itself_do_not_differ() => Prop.ForAll(Closures(), closure =>
        {
            var comparison = PackageComparison.Between(closure, closure);
            Assert.Empty(comparison.Changes);
            Assert.Equal(comparison.From, comparison.To);
            Assert.Equal((0, 0L), (comparison.From.OnlyPaths, comparison.From.OnlyBytes));
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void The_way_back_says_the_same_the_other_way_round() => Prop.ForAll(Closures(), Closures(), (from, to) =>
        {
            var there = PackageComparison.Between(from, to);
            var back = PackageComparison.Between(to, from);
            Assert.Equal(Lines(there.Changes.Select(Turned)), Lines(back.Changes));
            Assert.Equal((there.From, there.To, there.Delta), (back.To, back.From, -back.Delta));
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Each_path_of_one_side_alone_is_in_exactly_one_change() => Prop.ForAll(Closures(), Closures(), (from, to) =>
        {
            var comparison = PackageComparison.Between(from, to);
            var (old, young) = (from.Paths.ToDictionary(info => info.Path), to.Paths.ToDictionary(info => info.Path));
            Assert.Equal(Sorted(old.Keys.Except(young.Keys)), Sorted(comparison.Changes.SelectMany(change => change.OnlyFrom).Select(path => path.Path)));
            Assert.Equal(Sorted(young.Keys.Except(old.Keys)), Sorted(comparison.Changes.SelectMany(change => change.OnlyTo).Select(path => path.Path)));
            Assert.Equal(comparison.Delta, comparison.Changes.Sum(change => change.Delta));
            Assert.Equal(comparison.From.OnlyBytes, old.Values.Where(info => !young.ContainsKey(info.Path)).Sum(info => info.NarBytes));
            Assert.Equal((young.Count, young.Values.Sum(info => info.NarBytes)), (comparison.To.Paths, comparison.To.Bytes));
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Each_version_of_a_changed_package_is_told_once() => Prop.ForAll(Closures(), Closures(), (from, to) =>
        {
            foreach (var change in PackageComparison.Between(from, to).Changes.Where(change => change.Artefact is null))
            {
                var told = change.Versions.Select(version => version.From).OfType<string>().Concat(change.Kept).ToList();
                Assert.Equal(Sorted(VersionsOf(from, change.Name)), Sorted(told));
                told = [.. change.Versions.Select(version => version.To).OfType<string>().Concat(change.Kept)];
                Assert.Equal(Sorted(VersionsOf(to, change.Name)), Sorted(told));
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void The_order_of_the_paths_means_nothing() => Prop.ForAll(Closures(), Closures(), (one, other) =>
        {
            var turned = one with { Paths = [.. one.Paths.Reverse()] };
            var sorted = other with { Paths = [.. other.Paths.OrderBy(info => info.Path.Text, StringComparer.Ordinal)] };
            Assert.Equal(
                PackageComparison.Between(one, other).Changes.Select(ClosureCase.LineOf),
                PackageComparison.Between(turned, sorted).Changes.Select(ClosureCase.LineOf));
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_path_listed_twice_counts_once()
    {
        var once = ClosureCase.ClosureOf(["nginx-1.24.0@100"]);
        var twice = once with { Paths = [.. once.Paths, .. once.Paths] };

        var comparison = PackageComparison.Between(twice, ClosureCase.ClosureOf([]));

        Assert.Equal(new ClosureTotals(3, 100, 1, 100), comparison.From);
        Assert.Single(Assert.Single(comparison.Changes).OnlyFrom);
    }

    [Fact]
    public void Sizes_that_no_number_holds_stay_large()
    {
        var comparison = PackageComparison.Between(ClosureCase.ClosureOf([]), ClosureCase.ClosureOf([$"a-1@{long.MaxValue}", $"b-1@{long.MaxValue}", $"b-2@{long.MaxValue}"]));

        Assert.Equal((long.MaxValue, long.MaxValue), (comparison.To.Bytes, comparison.To.OnlyBytes));
        Assert.All(comparison.Changes, change => Assert.Equal(long.MaxValue, change.Delta));
    }

    [Fact]
    public void A_system_that_is_not_in_its_closure_has_nothing_chosen()
    {
        var closure = ClosureCase.ClosureOf(["*git-2.42.0"]);
        var comparison = PackageComparison.Between(closure with { System = ClosureCase.Path("elsewhere") }, ClosureCase.ClosureOf(["*git-2.44.1"]));

        Assert.Equal(PackageSelection.NewlySelected, Assert.Single(comparison.Changes).Selection);
    }

    [Theory]
    [InlineData("many names")]
    [InlineData("many versions of one name")]
    [InlineData("many builds of one name")]
    [InlineData("names full of dashes")]
    public async Task A_hundred_thousand_paths_of_a_hostile_server_are_compared_without_squares(string what)
    {
        var (from, to) = (Hostile(what, 0), Hostile(what, 1));

        var comparison = await Task.Run(() => PackageComparison.Between(from, to)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal((50_000, 50_000), (comparison.From.OnlyPaths, comparison.To.OnlyPaths));
        Assert.Equal(100_000, comparison.Changes.Sum(change => change.OnlyFrom.Length + change.OnlyTo.Length));
    }

    // References lead nowhere, sizes are as large as numbers get.
    private static Closure Hostile(string what, int side)
    {
        var infos = Enumerable.Range(0, 50_000).Select(i =>
        {
            var hash = (2 * i + side).ToString(CultureInfo.InvariantCulture).PadLeft(32, '0');
            var name = what switch
            {
                "many names" => new string('n', 190) + i.ToString("x8", CultureInfo.InvariantCulture).Replace('e', 'z') + "-1." + side,
                "many versions of one name" => new string('n', 150) + $"-1.{2 * i + side}.3385ca0.{new string('x', 20)}",
                "many builds of one name" => new string('n', 200),
                _ => string.Concat(Enumerable.Repeat("-1", 90)) + $"-{i}-{side}",
            };
            return new StorePathInfo(StorePath.Parse($"{StorePath.Folder}{hash}-{name}"), long.MaxValue, [ClosureCase.Path("not-there")]);
        }).ToList();
        return new Closure(infos[0].Path, infos);
    }

    // A small world, so that closures share names, versions and paths more often than not.
    private static Arbitrary<Closure> Closures() =>
        Gen.Elements("git", "glibc", "python3.12-pip", "unit-nginx.service", "source", "nixos-system-web1", "nginx.conf")
            .Zip(Gen.Elements("", "-1.2", "-1.3", "-1.10", "-2.0rc1", "-2.0", "-2.0a", "-3385ca0", "-9f00d1e", "-2025-01-01", "-1.2-unstable-2025-01-01"))
            .Zip(Gen.Elements("", "", "", "-man", "-bin"))
            .Zip(Gen.Elements("", "", "'"))
            .Zip(Gen.Elements("", "", "*"))
            .Select(t => $"{t.Item2}{t.Item1.Item1.Item1.Item1}{t.Item1.Item1.Item1.Item2}{t.Item1.Item1.Item2}{t.Item1.Item2}")
            .ListOf()
            .Select(words => ClosureCase.ClosureOf(words.DistinctBy(word => word.TrimStart('*')).Select(word => $"{word}@{word.TrimStart('*').Length}")))
            .ToArbitrary();

    private static IEnumerable<string> Lines(IEnumerable<PackageChange> changes) => changes.Select(ClosureCase.LineOf).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Sorted<T>(IEnumerable<T> all) => all.Select(one => one!.ToString()!).Order(StringComparer.Ordinal);

    private static IEnumerable<string> VersionsOf(Closure closure, string name) =>
        closure.Paths
            .Where(info => ArtefactRules.Find(info.Path.Name) is null && StoreName.Split(info.Path.Name).Name.SequenceEqual(name))
            .Select(info => StoreName.Split(info.Path.Name).Version.ToString())
            .Distinct();

    private static PackageChange Turned(PackageChange change) => change with
    {
        Kind = change.Kind switch
        {
            PackageChangeKind.Upgraded => PackageChangeKind.Downgraded,
            PackageChangeKind.Downgraded => PackageChangeKind.Upgraded,
            PackageChangeKind.Added => PackageChangeKind.Removed,
            PackageChangeKind.Removed => PackageChangeKind.Added,
            var kind => kind,
        },
        Selection = change.Selection switch
        {
            PackageSelection.NewlySelected => PackageSelection.NoLongerSelected,
            PackageSelection.NoLongerSelected => PackageSelection.NewlySelected,
            var selection => selection,
        },
        Versions = [.. change.Versions.Select(version => new VersionChange(version.To, version.From, version.Move)).OrderBy(version => PackageVersion.Parse(version.To ?? version.From!), PackageVersion.Order)],
        GainedOutputs = change.LostOutputs,
        LostOutputs = change.GainedOutputs,
        FromBytes = change.ToBytes,
        ToBytes = change.FromBytes,
    };
}
