using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core.Configuration;

/// <summary>A commit, as git names it: 40 hexadecimal digits, or 64 where the repository uses SHA-256.</summary>
public readonly record struct CommitId
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private CommitId(string text) => Text = text;

    public string Text { get; }

    /// <summary>The first 7 digits: what people compare by eye.</summary>
    public string Short => Text[..7];

    public static bool TryParse([NotNullWhen(true)] string? text, out CommitId id)
    {
        var fits = text is { Length: 40 or 64 } && IsDigits(text);
        id = fits ? new CommitId(text!) : default;
        return fits;
    }

    public override string ToString() => Text;

    internal static bool IsDigits(string text) => !text.AsSpan().ContainsAnyExcept(Digits);
}

/// <summary>One step of the history.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Author">Who wrote it, in their own words.</param>
/// <param name="Email">Of the author.</param>
/// <param name="At">When, in UTC, to the second.</param>
/// <param name="Title">The first line.</param>
/// <param name="Reason">The rest; empty where there is none.</param>
public sealed record Commit(CommitId Id, string Author, string Email, DateTimeOffset At, string Title, string Reason);

/// <summary>Who makes a change, and why.</summary>
/// <param name="Author">A plain name.</param>
/// <param name="Email">Of the author.</param>
/// <param name="At">When.</param>
/// <param name="Title">What the change does, in one line.</param>
/// <param name="Reason">Why, in any number of lines.</param>
public sealed record CommitWords(string Author, string Email, DateTimeOffset At, string Title, string Reason)
{
    /// <summary>Title and reason as git takes them: lines without control characters.</summary>
    internal string Message => Reason.Trim().Length == 0 ? Line(Title) : $"{Line(Title)}\n\n{string.Join('\n', Reason.Trim().Split('\n').Select(Line))}";

    internal Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["GIT_AUTHOR_NAME"] = Name,
        ["GIT_AUTHOR_EMAIL"] = Address,
        ["GIT_AUTHOR_DATE"] = $"@{At.ToUnixTimeSeconds()} +0000",
        ["GIT_COMMITTER_NAME"] = Name,
        ["GIT_COMMITTER_EMAIL"] = Address,
        ["GIT_COMMITTER_DATE"] = $"@{At.ToUnixTimeSeconds()} +0000",
    };

    // Git takes these signs away, and refuses a name of nothing else.
    private string Name => Bare(Author) is { Length: > 0 } name ? name : "unknown";

    private string Address => Bare(Email) is { Length: > 0 } address ? address : "unknown";

    private static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    private static string Bare(string text) => Line(string.Concat(text.Where(c => c is not ('<' or '>')))).Trim(' ', '.', ',', ':', ';', '"', '\\', '\'');
}
