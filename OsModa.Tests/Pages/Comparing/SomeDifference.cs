using System.Collections.Frozen;
using OsModa.Core.Comparison;
using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;

namespace OsModa.Tests.Pages.Comparing;

/// <summary>A difference of some units and packages, as a page gets it.</summary>
internal static class SomeDifference
{
    private static readonly StorePath From = Path('0', "nixos-system-a-1"), To = Path('1', "nixos-system-a-2");

    public static SystemDifference Of(params (string Unit, string? Old, string? New)[] units) => SystemDifference.Of(
        From, To, Packages([], []), Files(units.Select(unit => (unit.Unit, unit.Old)), "old"), Files(units.Select(unit => (unit.Unit, unit.New)), "new"));

    /// <summary>Names with versions, such as <c>nginx-1.26.2</c>; the same name and version on both sides is a rebuild.</summary>
    public static PackageComparison Packages(IEnumerable<string> old, IEnumerable<string> @new) =>
        PackageComparison.Between(new Closure(From, [.. old.Select(name => new StorePathInfo(Path('a', name), 1, []))]), new Closure(To, [.. @new.Select(name => new StorePathInfo(Path('b', name), 1, []))]));

    private static StorePath Path(char mark, string name) => StorePath.Parse($"/nix/store/{new string(mark, 32)}-{name}");

    private static SystemFiles Files(IEnumerable<(string Unit, string? Text)> units, string side)
    {
        var there = units.Where(unit => unit.Text is not null).ToDictionary(unit => "etc/systemd/system/" + unit.Unit, unit => unit.Text!);
        return new SystemFiles(
            there.ToFrozenDictionary(unit => unit.Key, unit => new FileEntry(unit.Key, false, $"/{side}/{unit.Key}")),
            there.ToFrozenDictionary(unit => unit.Key, unit => new FileText(unit.Value.Length, unit.Value)));
    }
}
