using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;

namespace OsModa.Core.Ledger;

/// <summary>
/// Goes over to another key: after a theft, or by rule. The old key signs what names the new one, in an entry of the ledger; from there on heads are signed with the new one, and the old private key is
/// deleted. Whoever knows one of the two can go on checking; nobody else's key is ever taken for the ledger's.
/// </summary>
public sealed class RotateLedgerKey(LedgerStore store, TimeProvider time)
{
    public const string Verb = "ledger.rotate-key";
    public const int MaxReason = 500;

    /// <returns>Why nothing came of it; null when it is done.</returns>
    public async Task<string?> RunAsync(Caller caller, string why)
    {
        if (!caller.MayManage)
        {
            return "Only an owner can replace the key of the ledger.";
        }

        if (Reason(why) is { } wrong)
        {
            return wrong;
        }

        try
        {
            return await store.ChangeKeyAsync(caller.OrganisationId, new ActionBody { Verb = Verb, WhoId = caller.PersonId, Who = caller.Name, From = caller.From, Why = why.Trim() }, time.GetUtcNow()) is null
                ? "Nothing is in the ledger yet, so it has no key."
                : null;
        }
        catch (LedgerDamagedException e)
        {
            return LedgerVerbs.NotDone(e);
        }
    }

    /// <summary>What is wrong with a reason; null when nothing is.</summary>
    public static string? Reason(string why) =>
        why.Trim() is not { Length: > 0 and <= MaxReason } reason || reason.Any(char.IsControl) ? $"Say in one line of {MaxReason} characters at most why, such as who may have read the old key." : null;
}
