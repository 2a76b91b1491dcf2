using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace OsModa.Core.Ledger.Notes;

/// <summary>
/// That a log is signed with another key from an entry on: a signed note (C2SP signed-note) by both keys, so that whoever knows one of them knows the other. Its text is five lines: what it is, the log,
/// the number of the entry that announces it, the old key, the new key.
/// </summary>
/// <param name="Origin">Of the log.</param>
/// <param name="At">The entry that announces it: heads with more entries are signed with the new key, all others with the old one.</param>
/// <param name="Old">Until then.</param>
/// <param name="New">From then on.</param>
/// <param name="Note">With the signatures of both.</param>
public sealed record KeyChange(string Origin, long At, VerifierKey Old, VerifierKey New, SignedNote Note)
{
    /// <summary>Name of the detail of a record that holds it.</summary>
    internal const string Detail = "note";

    // No checkpoint begins so: it begins with the name of its log.
    private const string Header = "osmoda-ledger/key-change@v1";

    public static KeyChange Sign(string origin, long at, SignerKey old, SignerKey next) => new(
        origin, at, old.Verifier, next.Verifier, SignedNote.Sign($"{Header}\n{origin}\n{at.ToString(CultureInfo.InvariantCulture)}\n{old.Verifier}\n{next.Verifier}\n", old, next));

    /// <summary>False for anything that is not signed by both keys that it names.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KeyChange? change)
    {
        change = null;
        if (text is null || !SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out var note)
            || note.Text.Split('\n') is not [Header, { Length: > 0 } origin, var atText, var oldText, var newText, ""]
            || !long.TryParse(atText, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at.ToString(CultureInfo.InvariantCulture) != atText
            || !VerifierKey.TryParse(oldText, out var old, out _) || !VerifierKey.TryParse(newText, out var next, out _)
            || old.Name != origin || next.Name != origin || oldText == newText
            || note.Check([old, next]) is not { Length: 2 })
        {
            return false;
        }

        change = new KeyChange(origin, at, old, next, note);
        return true;
    }

    public override string ToString() => Note.ToString();
}
