using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OsModa.Core.Accounts;

/// <summary>An address to sign in with. Only its outline is checked; whether mail arrives there is another question.</summary>
public readonly partial record struct EmailAddress
{
    private EmailAddress(string text) => Text = text;

    public string Text { get; }

    /// <summary>The same for all spellings of one address; what uniqueness is about. As Identity's normaliser makes it.</summary>
    public string Normalised => Text.ToUpperInvariant();

    public static bool TryParse(string? text, out EmailAddress address, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        error = trimmed.Length == 0 ? "Enter an e-mail address."
            : trimmed.Length <= 254 && Outline().IsMatch(trimmed) ? null
            : "Not an e-mail address: it looks like name@example.org.";
        address = error is null ? new EmailAddress(trimmed) : default;
        return error is null;
    }

    public override string ToString() => Text;

    [GeneratedRegex(@"\A[^@\s\p{C}""<>(),:;\\\[\]]{1,64}@[^@\s\p{C}""<>(),:;\\\[\]]{1,189}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Outline();
}
