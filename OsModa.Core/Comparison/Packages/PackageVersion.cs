namespace OsModa.Core.Comparison.Packages;

/// <summary>A version that can be held against another.</summary>
public sealed class PackageVersion
{
    private readonly VersionPart[] _parts;
    private readonly bool _dated;

    private PackageVersion(string text)
    {
        Text = text;
        _parts = VersionReader.Read(text);
        _dated = _parts.Length > 0 && VersionReader.IsDate(_parts[0]);
    }

    /// <summary>As the store path has it; empty for a path without a version.</summary>
    public string Text { get; }

    internal static IComparer<PackageVersion> Order { get; } = Comparer<PackageVersion>.Create(Compare);

    internal ReadOnlySpan<VersionPart> Parts => _parts;

    public static PackageVersion Parse(string text) => new(text);

    /// <summary>
    /// Which way it goes from one version to the other. <see cref="VersionMove.Sideways"/> when nobody can tell: two revisions of a repository,
    /// a date against a number, a version against none, two ways to write one version.
    /// </summary>
    public static VersionMove Move(PackageVersion from, PackageVersion to)
    {
        if (from.Text == to.Text)
        {
            return VersionMove.Same;
        }

        if (from._dated != to._dated || from.Text.Length == 0 || to.Text.Length == 0)
        {
            return VersionMove.Sideways;
        }

        var at = FirstDifference(from, to);
        var (a, b) = (from.PartAt(at), to.PartAt(at));
        return Math.Sign(VersionPart.Compare(a, b)) switch
        {
            0 => VersionMove.Sideways,
            _ when !VersionPart.Comparable(a, b) => VersionMove.Sideways,
            < 0 => VersionMove.Up,
            _ => VersionMove.Down,
        };
    }

    /// <summary>
    /// A total order for lists. Where <see cref="Move"/> says up, the first one stands before the second;
    /// where nobody can tell, the place is fixed but means nothing.
    /// </summary>
    public static int Compare(PackageVersion a, PackageVersion b)
    {
        var byClass = a._dated.CompareTo(b._dated);
        if (byClass != 0)
        {
            return byClass;
        }

        var at = FirstDifference(a, b);
        var byPart = VersionPart.Compare(a.PartAt(at), b.PartAt(at));
        return byPart != 0 ? byPart : Math.Sign(string.CompareOrdinal(a.Text, b.Text));
    }

    internal static int FirstDifference(PackageVersion a, PackageVersion b)
    {
        var shorter = Math.Min(a._parts.Length, b._parts.Length);
        var at = 0;
        while (at < shorter && VersionPart.Compare(a._parts[at], b._parts[at]) == 0)
        {
            at++;
        }

        return at;
    }

    internal VersionPart PartAt(int index) => index < _parts.Length ? _parts[index] : VersionPart.End;

    public override string ToString() => Text;
}
