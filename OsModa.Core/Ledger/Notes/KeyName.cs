namespace OsModa.Core.Ledger.Notes;

/// <summary>What C2SP signed-note asks of the name of a key.</summary>
internal static class KeyName
{
    /// <summary>Not empty, no white space of any kind, no plus, no control character.</summary>
    public static bool IsValid(string name) => name.Length > 0 && !name.Any(static c => c == '+' || char.IsWhiteSpace(c) || char.IsControl(c));
}
