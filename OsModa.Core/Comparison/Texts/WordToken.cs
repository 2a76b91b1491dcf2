namespace OsModa.Core.Comparison.Texts;

/// <summary>A word, a gap, a sign or the hash of a store path within a line.</summary>
internal readonly record struct WordToken(int Start, int Length, bool IsHash)
{
    /// <summary>Cuts a line up; all tokens together are the line.</summary>
    public static List<WordToken> Read(string line, bool hashes)
    {
        var tokens = new List<WordToken>();
        for (var start = 0; start < line.Length;)
        {
            var rest = line.AsSpan(start);
            var isHash = hashes && rest[0] == '/' && HashMark.IsAt(rest);
            var length = isHash ? HashMark.Length : LengthOf(rest);
            tokens.Add(new WordToken(start, length, isHash));
            start += length;
        }

        return tokens;
    }

    public ReadOnlySpan<char> In(string line) => line.AsSpan(Start, Length);

    private static int LengthOf(ReadOnlySpan<char> text)
    {
        var kind = KindOf(text[0]);
        var length = 1;
        while (kind != CharacterKind.Sign && length < text.Length && KindOf(text[length]) == kind)
        {
            length++;
        }

        return length;
    }

    // A name with its version is one word, as people read "nginx-1.24.0"; both halves of a character beyond 16 bits stay together.
    private static CharacterKind KindOf(char c) =>
        char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c is '_' or '-' or '.' or '+' or '@' or '~' or '%' ? CharacterKind.Word
        : char.IsWhiteSpace(c) ? CharacterKind.Gap
        : CharacterKind.Sign;

    private enum CharacterKind
    {
        Word,
        Gap,
        Sign,
    }
}
