namespace OsModa.Core.Ledger.Checking;

/// <summary>That the text of an entry was taken out after its log had ended, which a later epoch has to say.</summary>
/// <param name="Seq">The entry.</param>
/// <param name="Origin">The log that says so.</param>
/// <param name="At">Its entry that does.</param>
/// <param name="IsAtHand">That entry was read, and fits. Otherwise somebody says that it is there.</param>
public sealed record RedactedLater(long Seq, string Origin, long At, bool IsAtHand)
{
    /// <summary>For people who have not got it.</summary>
    public string Sentence => $"But the text of entry {Seq} was taken out after its log had ended: that is told in {Origin} entry {At}, which is not in the file. Check an export of that log too.";
}
