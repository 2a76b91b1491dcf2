using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OsModa.Core.Accounts;

/// <summary>An address to sign in with. Only its outline is checked; whether mail arrives there is another question.</summary>
public readonly record struct EmailAddress
{
    private const int Longest = 254, LongestName = 64, LongestHost = 189;
    private static readonly SearchValues<char> Refused = SearchValues.Create("@\"<>(),:;\\[]");

    private EmailAddress(string text) => Text = text;

    public string Text { get; }

    /// <summary>The same for all spellings of one address; what uniqueness is about. As Identity's normaliser makes it.</summary>
    public string Normalised => Text.ToUpperInvariant();

    public static bool TryParse(string? text, out EmailAddress address, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        error = trimmed.Length == 0 ? "Enter an e-mail address."
            : IsOutline(trimmed) ? null
            : "Not an e-mail address: it looks like name@example.org.";
        address = error is null ? new EmailAddress(trimmed) : default;
        return error is null;
    }

    public override string ToString() => Text;

    private static bool IsOutline(string text) =>
        text.Length <= Longest && text.IndexOf('@', StringComparison.Ordinal) is > 0 and <= LongestName and var at && text.Length - at - 1 is > 0 and <= LongestHost && text.AsSpan(0, at).IndexOfAny(Refused) < 0
        && text.AsSpan(at + 1).IndexOfAny(Refused) < 0 && !text.Any(static c => char.IsWhiteSpace(c) || IsOther(c));

    // The Unicode category C; a half of a character beyond the first 65,536 is in it too.
    private static bool IsOther(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
