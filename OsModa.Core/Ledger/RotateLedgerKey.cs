using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Notes;
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
            return await RunAsync(caller.OrganisationId, new ActionBody { Verb = Verb, WhoId = caller.PersonId, Who = caller.Name, From = caller.From, Why = why.Trim() }) is null
                ? "Nothing is in the ledger yet, so it has no key."
                : null;
        }
        catch (LedgerDamagedException e)
        {
            return LedgerVerbs.NotDone(e);
        }
    }

    /// <summary>The same for whoever may do all on this machine.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="who">Who and why.</param>
    /// <returns>The new public key; null when there is no such log yet.</returns>
    /// <exception cref="LedgerDamagedException">The log must not be written, or its key is missing.</exception>
    public async Task<VerifierKey?> RunAsync(Guid tenant, ActionBody who)
    {
        if (store.Newest(tenant) is null)
        {
            return null;
        }

        // All of it in the writer's turn: of two who want it at once, the second goes on from the key of the first.
        VerifierKey? made = null;
        await store.RunAsync(group => group.Append(tenant, (name, seq) =>
        {
            using var old = store.Keys.Signer(name, Announced(group, name));
            using var next = store.Keys.MakeNext(name);
            made = next.Verifier;
            var change = KeyChange.Sign(name.Origin, seq, old, next);
            group.Connection.Run("INSERT INTO key_change(log, at, note) VALUES(?1, ?2, ?3)", name.Id, seq, change.ToString());
            var details = LedgerVerbs.Details(("old", change.Old.ToString()), ("new", change.New.ToString()), (KeyChange.Detail, change.ToString()));
            return NewRecord.Of(RecordKind.KeyChange, who with { Verb = Verb, Details = details }, tenant, time.GetUtcNow());
        }));
        store.TellGrown(tenant);
        return made;
    }

    private static VerifierKey? Announced(LedgerGroup group, LogName log) =>
        group.Connection.Ask<string>("SELECT note FROM key_change WHERE log = ?1 ORDER BY at DESC LIMIT 1", log.Id) is not { } note ? null
        : KeyChange.TryParse(note, out var change) ? change.New
        : throw new LedgerDamagedException($"The newest change of the key of {log.Origin} is damaged: it is not known which key it is signed with. Restore the newest backup.");

    /// <summary>What is wrong with a reason; null when nothing is.</summary>
    public static string? Reason(string why) =>
        LedgerReason.IsOne(why) ? null : $"Say in one line of {LedgerReason.MaxLength} characters at most why, such as who may have read the old key.";
}
