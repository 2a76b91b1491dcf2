using System.Buffers;

namespace OsModa.Core.Observation;

/// <summary>A place in a server's journal, as journalctl names it (<c>s=…;i=…;b=…</c>): from there on it is read again after a pause. Only <see cref="TryParse"/> makes one.</summary>
public readonly record struct JournalCursor
{
    public const int LengthMost = 256;

    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz=;");

    private JournalCursor(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse(string? text, out JournalCursor cursor)
    {
        var fits = text is { Length: > 0 and <= LengthMost } && !text.AsSpan().ContainsAnyExcept(Characters);
        cursor = fits ? new JournalCursor(text!) : default;
        return fits;
    }

    public override string ToString() => Text;
}
