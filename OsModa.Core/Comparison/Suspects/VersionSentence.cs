using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>How a package differs, in a few words that end a sentence.</summary>
internal static class VersionSentence
{
    public const string BuiltAnew = "the same version, built anew";

    public static string Between(IReadOnlyCollection<StorePath> before, IReadOnlyCollection<StorePath> after) =>
        Between(Versions(before.Select(path => PackageKey.Of(path).Version)), Versions(after.Select(path => PackageKey.Of(path).Version)), before.Count > 0, after.Count > 0);

    public static string Of(PackageChange change) => change.Kind is PackageChangeKind.Rebuilt or PackageChangeKind.Outputs
        ? BuiltAnew
        : Between(
            Versions(change.Versions.Select(version => version.From ?? "")), Versions(change.Versions.Select(version => version.To ?? "")),
            change.Versions.Any(version => version.From is not null), change.Versions.Any(version => version.To is not null));

    private static string Between(string old, string @new, bool had, bool has) => (had, has) switch
    {
        (false, true) => @new.Length > 0 ? $"{@new} is new" : "it is new",
        (true, false) => old.Length > 0 ? $"{old} is gone" : "it is gone",
        _ when old == @new => old.Length > 0 ? BuiltAnew : "it is another one",
        _ => $"{old} became {@new}",
    };

    private static string Versions(IEnumerable<string> versions) => string.Join(" and ", versions.Where(version => version.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(3));
}
