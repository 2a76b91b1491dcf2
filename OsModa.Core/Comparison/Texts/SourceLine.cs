namespace OsModa.Core.Comparison.Texts;

/// <summary>A line as it was read.</summary>
internal readonly record struct SourceLine(string Text, LineEnding Ending)
{
    /// <summary>How many lines a text has. Only a line feed ends a line, as for diff and patch.</summary>
    public static int Count(string text)
    {
        var ended = text.AsSpan().Count('\n');
        return text.Length == 0 || text[^1] == '\n' ? ended : ended + 1;
    }

    public static SourceLine[] Read(string text)
    {
        var lines = new SourceLine[Count(text)];
        var start = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0)
            {
                lines[i] = new SourceLine(text[start..], LineEnding.None);
                break;
            }

            var returns = end > start && text[end - 1] == '\r';
            lines[i] = new SourceLine(text[start..(returns ? end - 1 : end)], returns ? LineEnding.CarriageReturn : LineEnding.LineFeed);
            start = end + 1;
        }

        return lines;
    }
}
