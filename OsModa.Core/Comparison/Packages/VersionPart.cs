using System.Globalization;

namespace OsModa.Core.Comparison.Packages;

/// <summary>What a part of a version is; the order is that of the versions: <c>1.0rc</c>, <c>1.0</c>, <c>1.0-3385ca0</c>, <c>1.0w</c>, <c>1.0.1</c>.</summary>
internal enum VersionPartKind
{
    PreRelease,
    End,
    Revision,
    Word,
    Number,
}

/// <summary>A number, a word or a revision within a version; <c>default</c> never occurs.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Stage">Of <see cref="VersionPartKind.PreRelease"/>: how near it is to the release.</param>
/// <param name="Text">Of a number: without leading zeros. Else in small letters.</param>
internal readonly record struct VersionPart(VersionPartKind Kind, int Stage, string Text)
{
    public static readonly VersionPart End = new(VersionPartKind.End, 0, "");

    /// <summary>A total order: parts that mean nothing against each other have a fixed place too.</summary>
    public static int Compare(in VersionPart a, in VersionPart b)
    {
        if (a.Kind != b.Kind)
        {
            return a.Kind.CompareTo(b.Kind);
        }

        return a.Kind switch
        {
            VersionPartKind.PreRelease => a.Stage.CompareTo(b.Stage),
            // Without leading zeros the longer number is the larger one, however many digits it has.
            VersionPartKind.Number when a.Text.Length != b.Text.Length => a.Text.Length.CompareTo(b.Text.Length),
            _ when ReferenceEquals(a.Text, b.Text) => 0,
            _ => Math.Sign(string.CompareOrdinal(a.Text, b.Text)),
        };
    }

    /// <summary>
    /// Whether the place of both in the order means anything. A revision of a repository says when it was made to nobody who has only its text;
    /// all that is known of it is that a version which goes on with one comes after the version that ends there.
    /// </summary>
    public static bool Comparable(in VersionPart a, in VersionPart b) => Ranks(a.Kind, b.Kind) && Ranks(b.Kind, a.Kind);

    /// <summary>How far two numbers are from each other, at most <paramref name="most"/>, which is also the answer for all that are not both numbers.</summary>
    public static int Gap(in VersionPart a, in VersionPart b, int most) =>
        a.Kind == VersionPartKind.Number && b.Kind == VersionPartKind.Number
        && long.TryParse(a.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var x)
        && long.TryParse(b.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var y)
            ? (int)Math.Min(Math.Abs(x - y), most)
            : most;

    private static bool Ranks(VersionPartKind one, VersionPartKind other) =>
        one != VersionPartKind.Revision || other is VersionPartKind.End or VersionPartKind.PreRelease;
}
