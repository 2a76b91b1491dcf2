using System.Buffers;

namespace OsModa.Core;

/// <summary>Words of one kind: what they may begin with, what they are made of, and how long they are at most. Each character is looked at once, whatever somebody sends.</summary>
/// <param name="first">Characters that may stand first; all of them are among <paramref name="all"/>.</param>
/// <param name="all">Characters that may stand anywhere else.</param>
/// <param name="most">Longest word.</param>
internal sealed class WordShape(string first, string all, int most)
{
    public const string Small = "abcdefghijklmnopqrstuvwxyz", Capital = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Digits = "0123456789";

    private const string LetterOrDigit = Small + Capital + Digits;

    private readonly SearchValues<char> _first = SearchValues.Create(first), _all = SearchValues.Create(all);

    /// <summary>A name that people give: letters, digits, dots, dashes and underscores, a letter or digit first.</summary>
    public static WordShape Name(int most) => new(LetterOrDigit, LetterOrDigit + "._-", most);

    /// <summary>False for the empty text.</summary>
    public bool Fits(ReadOnlySpan<char> text) => !text.IsEmpty && text.Length <= most && _first.Contains(text[0]) && !text.ContainsAnyExcept(_all);
}
