namespace OsModa.Core.Ledger;

/// <summary>Why somebody does something to the ledger itself: one line, which stays in it.</summary>
public static class LedgerReason
{
    public const int MaxLength = 500;

    /// <summary>It is one line that says something, spaces around it apart.</summary>
    internal static bool IsOne(string why) => why.Trim() is { Length: > 0 and <= MaxLength } reason && !reason.Any(char.IsControl);
}
