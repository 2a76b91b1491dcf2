using System.Buffers.Text;

namespace OsModa.Core.Observation.Wire;

/// <summary>Walks over the fields of a frame, which TABs part.</summary>
internal ref struct Fields(ReadOnlySpan<byte> bytes)
{
    /// <summary>Fields of a frame that are read; the rest is skipped.</summary>
    public const int Most = 64;

    private int _read;
    private bool _ended;

    /// <summary>What has not been walked over.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    /// <summary>Something follows, even if it is an empty field.</summary>
    public readonly bool More => !_ended && _read < Most;

    /// <summary>The next field as it stands, still escaped; empty when there is none.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (!More)
        {
            return default;
        }

        _read++;
        var tab = Rest.IndexOf((byte)'\t');
        var field = tab < 0 ? Rest : Rest[..tab];
        _ended = tab < 0;
        Rest = tab < 0 ? default : Rest[(tab + 1)..];
        return field;
    }

    /// <summary>The next field as harmless text.</summary>
    public string Text(int most) => Escapes.Read(Next(), most);

    /// <summary>The next field as a number that is not negative; null for "unknown" and for what is no number.</summary>
    public long? Number() => Numbers.Read(Next());

    /// <summary>The next field as a moment; null for "unknown" and for what no calendar has.</summary>
    public DateTimeOffset? Moment() => Numbers.Moment(Next());

    /// <summary>The next field as <c>1</c> or <c>0</c>.</summary>
    public bool Yes() => Next() is [(byte)'1'];
}

/// <summary>Numbers as servers write them.</summary>
internal static class Numbers
{
    // The last microsecond of the year 9999.
    private const long LatestMicroseconds = 253_402_300_799_999_999;

    /// <summary>Decimal digits and nothing else, up to 2⁶³−1; systemd's 2⁶⁴−1 means "unknown" and is null.</summary>
    public static long? Read(ReadOnlySpan<byte> text) =>
        text is [>= (byte)'0' and <= (byte)'9', ..] && Utf8Parser.TryParse(text, out long number, out var read) && read == text.Length ? number : null;

    /// <summary>The same where it must fit an <see cref="int"/>.</summary>
    public static int? ReadInt(ReadOnlySpan<byte> text) => Read(text) is { } number and <= int.MaxValue ? (int)number : null;

    /// <summary>Microseconds since 1970, or systemd's text in UTC: <c>Fri 2025-11-21 23:10:01.123456 UTC</c>. 0 is systemd's "never".</summary>
    public static DateTimeOffset? Moment(ReadOnlySpan<byte> text)
    {
        if (Read(text) is { } number)
        {
            return number is > 0 and <= LatestMicroseconds ? DateTimeOffset.UnixEpoch.AddMicroseconds(number) : null;
        }

        if (text.Length < 27 || text[3] != ' ' || !text.EndsWith(" UTC"u8))
        {
            return null;
        }

        Span<char> chars = stackalloc char[32];
        var moment = text[4..^4];
        if (moment.Length > chars.Length || System.Text.Encoding.UTF8.GetChars(moment, chars) != moment.Length)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(chars[..moment.Length], "yyyy-MM-dd HH:mm:ss.FFFFFF", null, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) ? at : null;
    }

    /// <summary>A number with a decimal point, not negative and finite.</summary>
    public static double? Fraction(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out double number, out var read) && read == text.Length && double.IsFinite(number) && number >= 0 ? number : null;
}
