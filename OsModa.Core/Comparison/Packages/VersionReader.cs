using System.Globalization;

namespace OsModa.Core.Comparison.Packages;

/// <summary>Takes the text of a version apart.</summary>
internal static class VersionReader
{
    private const int ShortestRevision = 7;
    private const int LongestRevision = 40;

    // No version that people write has so many; what stands behind them in a name made to be slow is one word.
    private const int MostParts = 12;

    private static readonly string[] Digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    public static VersionPart[] Read(ReadOnlySpan<char> version)
    {
        var parts = new List<VersionPart>(4);
        while (!version.IsEmpty && parts.Count < MostParts)
        {
            if (DateAtStart(version) is { } date)
            {
                parts.Add(new VersionPart(VersionPartKind.Number, 0, date));
                version = version[10..];
                continue;
            }

            var end = 0;
            while (end < version.Length && char.IsAsciiLetterOrDigit(version[end]))
            {
                end++;
            }

            ReadPiece(version[..end], parts);
            version = version[Math.Min(end + 1, version.Length)..];
        }

        if (!version.IsEmpty)
        {
            parts.Add(new VersionPart(VersionPartKind.Word, 0, Small(version)));
        }

        return [.. parts];
    }

    /// <summary>Whether a part is the date of a snapshot: <c>20250708</c>, or <c>2025-07-08</c>, which is read as the same.</summary>
    public static bool IsDate(in VersionPart part) => part is { Kind: VersionPartKind.Number, Text.Length: 8 } && IsDate(part.Text, "yyyyMMdd");

    private static string? DateAtStart(ReadOnlySpan<char> text) =>
        text.Length >= 10 && text[4] == '-' && (text.Length == 10 || !char.IsAsciiLetterOrDigit(text[10])) && IsDate(text[..10], "yyyy-MM-dd")
            ? string.Concat(text[..4], text[5..7], text[8..10])
            : null;

    private static void ReadPiece(ReadOnlySpan<char> piece, List<VersionPart> parts)
    {
        if (IsRevision(piece))
        {
            parts.Add(new VersionPart(VersionPartKind.Revision, 0, Small(piece)));
            return;
        }

        for (var start = 0; start < piece.Length;)
        {
            var isNumber = char.IsAsciiDigit(piece[start]);
            var end = start + 1;
            while (end < piece.Length && char.IsAsciiDigit(piece[end]) == isNumber)
            {
                end++;
            }

            var run = piece[start..end];
            if (isNumber)
            {
                parts.Add(new VersionPart(VersionPartKind.Number, 0, Number(run.TrimStart('0'))));
            }
            else
            {
                // A single letter is a stage only between digits, 3.14.0b4; at the end it counts patches, 1.1.1a, and after a dash builds, 8u412-b08.
                var stage = run.Length > 1 || (start > 0 && end < piece.Length) ? VersionWords.PreRelease(run) : null;
                parts.Add(stage is { } before
                    ? new VersionPart(VersionPartKind.PreRelease, before, "")
                    : new VersionPart(VersionPartKind.Word, 0, Small(run)));
            }

            start = end;
        }
    }

    private static bool IsRevision(ReadOnlySpan<char> piece)
    {
        // "git describe" writes a g before it.
        var hex = piece.Length > ShortestRevision && piece[0] == 'g' ? piece[1..] : piece;
        return hex.Length is >= ShortestRevision and <= LongestRevision
            && !hex.ContainsAnyExcept(VersionWords.Hexadecimal)
            && hex.ContainsAnyInRange('0', '9')
            && hex.ContainsAnyInRange('a', 'f')
            // The second snapshot of a day: 20250708b.
            && !(hex.Length == 9 && IsDate(hex[..8], "yyyyMMdd"));
    }

    private static bool IsDate(ReadOnlySpan<char> text, string format) =>
        DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1970 and < 2100;

    private static string Number(ReadOnlySpan<char> digits) => digits switch
    {
        [] => Digits[0],
        [var digit] => Digits[digit - '0'],
        _ => digits.ToString(),
    };

    private static string Small(ReadOnlySpan<char> text) => text.ToString().ToLowerInvariant();
}
