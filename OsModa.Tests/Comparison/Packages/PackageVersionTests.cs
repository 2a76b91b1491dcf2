using FsCheck;
using FsCheck.Fluent;
using OsModa.Core.Comparison.Packages;
using Xunit;

namespace OsModa.Tests.Comparison.Packages;

public sealed class PackageVersionTests
{
    private static readonly string[] Pieces =
    [
        "", "0", "1", "2", "9", "10", "007", "20250708", "20250708b", "2025-07-08", "99999999999999999999999", "3385ca0", "9f00d1e", "g3385ca0", "1234567", "deadbee",
        "a", "b", "w", "p", "rc", "beta", "alpha", "pre", "dev", "unstable", "git", "RC", "-", ".", "+", "_", "1a2", "0b4",
    ];

    [Theory]
    [InlineData("1.0.dev1 1.0alpha1 1.0-beta 1.0pre2 1.0rc1 1.0rc2 1.0 1.0a 1.0-unstable-2025-05-24 1.0-unstable-2025-06-01 1.0.1rc 1.0.1 1.1 1.10 2")]
    [InlineData("1.0rc1 1.0 1.0-3385ca0")]
    [InlineData("3.14.0a7 3.14.0b1 3.14.0rc3 3.14.0 3.14.1")]
    [InlineData("1.1.1 1.1.1a 1.1.1w 3.0.13 3.0.16")]
    [InlineData("unstable-2023-01-01 0-unstable-2024-01-01 0-unstable-2024-01-02 0.1")]
    [InlineData("9 10 99999999999999999999 100000000000000000000")]
    [InlineData("20240101 2024-01-02 20240102b 20240103")]
    [InlineData("0-unstable-20240101 0-unstable-2024-01-02 0-unstable-20240103")]
    [InlineData("1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1 1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-2")]
    public void Versions_of_a_row_go_up(string row)
    {
        var versions = row.Split(' ').Select(PackageVersion.Parse).ToArray();
        for (var i = 0; i < versions.Length; i++)
        {
            for (var j = 0; j < versions.Length; j++)
            {
                var expected = i < j ? VersionMove.Up : i > j ? VersionMove.Down : VersionMove.Same;
                Assert.True(PackageVersion.Move(versions[i], versions[j]) == expected, $"{versions[i]} to {versions[j]} should be {expected}.");
            }
        }
    }

    [Theory]
    [InlineData("3385ca0", "9f00d1e")]
    [InlineData("25.05.3385ca0", "25.05.9f00d1e")]
    [InlineData("25.05.3385ca0", "25.05.1")]
    [InlineData("25.05.3385ca0", "25.05w")]
    [InlineData("2023-01-01", "1.4.0")]
    [InlineData("20230101", "1.4.0")]
    [InlineData("", "1")]
    [InlineData("1.0", "1.00")]
    [InlineData("1.0", "1-0")]
    [InlineData("2025-01-01", "20250101")]
    public void Nobody_can_tell_which_of_them_is_newer(string one, string other)
    {
        Assert.Equal(VersionMove.Sideways, PackageVersion.Move(PackageVersion.Parse(one), PackageVersion.Parse(other)));
        Assert.Equal(VersionMove.Sideways, PackageVersion.Move(PackageVersion.Parse(other), PackageVersion.Parse(one)));
    }

    [Fact]
    public void The_way_back_is_the_other_way() => Prop.ForAll(Versions(), Versions(), (a, b) =>
        {
            var back = PackageVersion.Move(b, a);
            Assert.Equal(back switch { VersionMove.Up => VersionMove.Down, VersionMove.Down => VersionMove.Up, _ => back }, PackageVersion.Move(a, b));
            Assert.Equal(-PackageVersion.Compare(b, a), PackageVersion.Compare(a, b));
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Up_and_up_again_is_up() => Prop.ForAll(Versions(), Versions(), Versions(), (a, b, c) =>
        {
            foreach (var (x, y, z) in new[] { (a, b, c), (a, c, b), (b, a, c), (b, c, a), (c, a, b), (c, b, a) })
            {
                if (PackageVersion.Move(x, y) == VersionMove.Up && PackageVersion.Move(y, z) == VersionMove.Up)
                {
                    Assert.Equal(VersionMove.Up, PackageVersion.Move(x, z));
                }

                if (PackageVersion.Compare(x, y) <= 0 && PackageVersion.Compare(y, z) <= 0)
                {
                    Assert.True(PackageVersion.Compare(x, z) <= 0);
                }
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Lists_follow_the_moves() => Prop.ForAll(Versions(), Versions(), (a, b) =>
        {
            var order = PackageVersion.Compare(a, b);
            Assert.Equal(a.Text == b.Text, order == 0);
            switch (PackageVersion.Move(a, b))
            {
                case VersionMove.Up:
                    Assert.True(order < 0);
                    break;
                case VersionMove.Down:
                    Assert.True(order > 0);
                    break;
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    // Few different pieces, so that parts are often equal and the rest decides.
    private static Arbitrary<PackageVersion> Versions() =>
        Gen.OneOf(
                Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces.Take(4))),
                Gen.Elements("1", "2", "10", "rc", "3385ca0", "9f00d1e", "a", "w").NonEmptyListOf().Select(pieces => string.Join('.', pieces.Take(3))))
            .Select(PackageVersion.Parse)
            .ToArbitrary();
}
