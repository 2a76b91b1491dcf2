using OsModa.Core.Comparison.Packages;
using OsModa.Core.Nix;

namespace OsModa.Core.Comparison;

/// <summary>How much memory what was read takes, in bytes: its texts exactly, and for what holds them together somewhat more than is measured.</summary>
internal static class KeptSize
{
    // An object with its fields, and its place in a table.
    private const int Holder = 160;

    public static long Of(SystemDifference difference) =>
        Of(difference.FromFiles) + Of(difference.ToFiles) + Of(difference.Packages) + difference.FromGraph.Bytes + difference.ToGraph.Bytes
        + difference.Units.Sum(unit => Holder + Of(unit.Old) + Of(unit.New)) + difference.Files.Sum(file => Holder + Of(file.Path))
        + difference.Security.Sum(change => Holder + Of(change.Subject) + Of(change.What));

    public static long Of(SystemContents contents) => Of(contents.Closure.Paths) + Of(contents.Files);

    public static long Of(BothClosures both) => Of(both.From.Paths) + Of(both.To.Paths) + Of(both.Packages);

    /// <summary>Each reference is a text of its own.</summary>
    public static long Of(IEnumerable<StorePathInfo> paths) => paths.Sum(path => Holder + Of(path.Path.Text) + path.References.Sum(reference => Of(reference.Text)));

    private static long Of(PackageComparison packages) =>
        packages.Changes.Sum(change => (2 * Holder) + Of(change.Name) + change.OnlyFrom.Concat(change.OnlyTo).Sum(path => Holder + Of(path.Path.Text)));

    private static long Of(SystemFiles files) =>
        files.Entries.Sum(entry => Holder + Of(entry.Key) + Of(entry.Value.Target)) + files.Texts.Sum(text => Holder + Of(text.Key) + Of(text.Value.Text)) + files.Wishes.Sum(wish => Holder + Of(wish.Key));

    private static long Of(string? text) => text is null ? 0 : 32 + (2L * text.Length);
}
