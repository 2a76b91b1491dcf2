using System.Globalization;
using System.Text;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>A line that a server kept of our ledger, as it tells it: the signed note in base 64. Root there can write any line, but no signature of ours.</summary>
/// <param name="Head">What it states; null when it is no head of the log.</param>
/// <param name="Note">With its signature; null for a line of the former format, size and root, which nobody signed.</param>
internal sealed record KeptHead(Checkpoint? Head, SignedNote? Note)
{
    /// <summary>What a server is given to keep: the log's own signature alone, so that the same head is the same line.</summary>
    public static string LineOf(SignedNote note) => Convert.ToBase64String(Encoding.UTF8.GetBytes((note with { Signatures = note.Signatures[..1] }).ToString()));

    /// <param name="line">As the server told it.</param>
    /// <param name="origin">Of the log.</param>
    public static KeptHead Parse(string line, string origin) =>
        line.Split(' ') is [var sizeText, var rootText]
            ? new KeptHead(
                long.TryParse(sizeText, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && TreeHash.TryParseBase64(rootText, out var root) ? new Checkpoint(origin, size, root) : null, null)
        : StrictBase64.Decode(line) is { } bytes && SignedNote.TryParse(bytes, out var note) && note.Signatures.Length == 1 && Checkpoint.TryParse(note.Text, out var head) && head.Origin == origin
            ? new KeptHead(head, note)
        : new KeptHead(null, null);

    /// <summary>The ledger signed it.</summary>
    public bool IsSigned(KeyChain keys) => Head is not null && Note?.Check(keys.For(Head.Size)) is { Length: > 0 };

    /// <summary>Why the ledger does not continue it; null when it does, or when it is no head.</summary>
    public string? Contradiction(LogReader log) =>
        Head is null ? null
        : Head.Size > log.Size ? $"It holds a head of {Head.Size} entries of this ledger, which has {log.Size}: the ledger was cut, or an older one was put back."
        : !log.Continues(Head) ? $"It holds another head of {Head.Size} entries than this ledger gives: the ledger was rewritten since."
        : null;
}
