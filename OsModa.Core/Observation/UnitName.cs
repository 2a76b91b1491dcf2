namespace OsModa.Core.Observation;

/// <summary>Name of a systemd unit, such as <c>nginx.service</c>; characters as systemd.unit(5) admits them, 255 at most. Only the two root units, <c>-.mount</c> and <c>-.slice</c>, begin with a dash: a command names units behind <c>--</c>.</summary>
public readonly record struct UnitName : IComparable<UnitName>
{
    private const string First = WordShape.Small + WordShape.Capital + WordShape.Digits + @":_.\@";
    private static readonly WordShape Names = new(First, First + "-", 244);

    private UnitName(string text) => Text = text;

    public string Text { get; }

    /// <summary>Without <c>.service</c>; other types keep their suffix, since it tells them apart.</summary>
    public string Short => Text.EndsWith(".service", StringComparison.Ordinal) ? Text[..^8] : Text;

    /// <summary>Of an instance such as <c>getty@tty1.service</c> the unit whose file it has, <c>getty@.service</c>; null for all others.</summary>
    public UnitName? Template =>
        Text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && Text.LastIndexOf('.') is var dot && dot > at + 1 ? new UnitName(Text[..(at + 1)] + Text[dot..]) : null;

    public static bool TryParse(string? text, out UnitName name)
    {
        var fits = text is "-.mount" or "-.slice" || (text?.LastIndexOf('.') is > 0 and var dot && Names.Fits(text.AsSpan(0, dot)) && IsType(text.AsSpan(dot + 1)));
        name = fits ? new UnitName(text!) : default;
        return fits;
    }

    public static UnitName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not the name of a systemd unit.");

    public int CompareTo(UnitName other) => string.CompareOrdinal(Text, other.Text);

    public static bool operator <(UnitName left, UnitName right) => left.CompareTo(right) < 0;

    public static bool operator >(UnitName left, UnitName right) => left.CompareTo(right) > 0;

    public static bool operator <=(UnitName left, UnitName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(UnitName left, UnitName right) => left.CompareTo(right) >= 0;

    public override string ToString() => Text;

    private static bool IsType(ReadOnlySpan<char> text) =>
        text is "service" or "socket" or "target" or "timer" or "mount" or "automount" or "path" or "slice" or "scope" or "device" or "swap";
}
