using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>Ids of the rows of a comparison, so that what is told of one elsewhere leads to it.</summary>
public static class RowIds
{
    /// <summary>What the two systems boot with.</summary>
    public const string Boot = "boot";

    private const int LongestWords = 200;

    /// <param name="part">What of it, such as <c>kernel</c> or a kernel parameter.</param>
    public static string BootPart(string part) => OneWord($"{Boot}-{part}");

    /// <param name="specialisation">Its name in the boot menu.</param>
    public static string BootMenu(string specialisation) => OneWord($"{Boot}-menu-{specialisation}");

    public static string Unit(UnitName unit) => $"unit-{unit.Text}";

    /// <param name="name">As in <see cref="Packages.PackageChange.Name"/>.</param>
    public static string Package(string name) => $"package-{name}";

    /// <param name="path">Below /etc.</param>
    public static string File(string path) => $"file-{path}";

    /// <summary>Of its words, since several changes may be of one subject; an id has no white space.</summary>
    public static string Security(SecurityChange change)
    {
        var words = $"security-{change.Subject} {change.What}";
        return OneWord(words[..Math.Min(words.Length, LongestWords)]);
    }

    /// <param name="unit">Whose data a switch does not bring back.</param>
    public static string Lasting(UnitName unit) => $"lasting-{unit.Text}";

    private static string OneWord(string words) => string.Concat(words.Select(c => char.IsWhiteSpace(c) ? '-' : c));
}
