using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Records;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger;

/// <summary>Who does something, and from where.</summary>
/// <param name="OrganisationId">In whose ledger it stands.</param>
/// <param name="PersonId">Null for the dashboard itself.</param>
/// <param name="Name">As they are called now.</param>
/// <param name="From">Network address; empty when there is none.</param>
/// <param name="OnBehalfOf">Of whom, when not on their own.</param>
public sealed record LedgerActor(Guid OrganisationId, Guid? PersonId, string Name, string From = "", string OnBehalfOf = "")
{
    public static LedgerActor Of(Caller caller) => new(caller.OrganisationId, caller.PersonId, caller.Name, caller.From, caller.OnBehalfOf);

    /// <summary>What the dashboard does by itself.</summary>
    public static LedgerActor Dashboard(Guid organisationId) => new(organisationId, null, "osModa Dashboard");
}

/// <summary>What is about to be done: to be handed back with what came of it.</summary>
public sealed record LedgerIntent(Guid Action, LedgerActor Who, string Verb, ServerId? Server);

/// <summary>How a verb ended.</summary>
public enum LedgerOutcome
{
    Done,
    Failed,
    Unknown,
}

/// <summary>
/// Where the rest of the product writes what it does: the intent before a verb, the outcome after it, and what was noticed. Each call returns when the record is on the disk,
/// a few milliseconds; signing comes later and is waited for by nobody. An intent that could not be written is an exception, and the verb must not be carried out. What has happened
/// already cannot be called off: an outcome or notice that could not be written goes to the log, and an intent without outcome is what the ledger shows.
/// </summary>
public sealed class LedgerWriter(LedgerStore store, TimeProvider time, ILogger<LedgerWriter> log)
{
    /// <param name="who">Who wants it.</param>
    /// <param name="verb">In words with dots: <c>server.roll-back</c>.</param>
    /// <param name="server">On which server, if on one.</param>
    /// <param name="why">In the person's words; may be empty.</param>
    /// <param name="details">What else belongs to it.</param>
    /// <param name="action">Name of the action, where it has one already; an outcome may then come from another process.</param>
    /// <param name="cancellationToken">Gives up before it is written.</param>
    /// <exception cref="LedgerDamagedException">It is not written down, so it must not be done.</exception>
    public async Task<LedgerIntent> IntendAsync(
        LedgerActor who, string verb, ServerId? server = null, string why = "", ImmutableSortedDictionary<string, string>? details = null, Guid? action = null,
        CancellationToken cancellationToken = default)
    {
        var intent = new LedgerIntent(action ?? Guid.CreateVersion7(time.GetUtcNow()), who, verb, server);
        await AppendAsync(RecordKind.Intent, who, Body(intent) with { Why = why, Details = details ?? Nothing }, server, cancellationToken);
        return intent;
    }

    /// <param name="intent">What was intended.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="text">One sentence for people.</param>
    /// <param name="details">What else belongs to it.</param>
    public Task OutcomeAsync(LedgerIntent intent, LedgerOutcome outcome, string text = "", ImmutableSortedDictionary<string, string>? details = null) => AfterwardsAsync(
        RecordKind.Outcome,
        intent.Who,
        Body(intent) with { Outcome = outcome switch { LedgerOutcome.Done => "done", LedgerOutcome.Failed => "failed", _ => "unknown" }, Text = text, Details = details ?? Nothing },
        intent.Server);

    /// <summary>Something that was seen, not done: a change of a chain's status, an alarm, a sign-in that was refused.</summary>
    public Task NoticeAsync(LedgerActor who, string verb, string text, ServerId? server = null, ImmutableSortedDictionary<string, string>? details = null) =>
        AfterwardsAsync(RecordKind.Notice, who, Body(who, verb, server) with { Text = text, Details = details ?? Nothing }, server);

    /// <summary>Something that happens only once it stands there, such as a look at what is not one's own.</summary>
    /// <exception cref="LedgerDamagedException">It is not written down, so it must not happen.</exception>
    public Task NoticeFirstAsync(LedgerActor who, string verb, string text, ServerId? server, ImmutableSortedDictionary<string, string> details) =>
        AppendAsync(RecordKind.Notice, who, Body(who, verb, server) with { Text = text, Details = details }, server, CancellationToken.None);

    private async Task AfterwardsAsync(RecordKind kind, LedgerActor who, ActionBody body, ServerId? server)
    {
        try
        {
            await AppendAsync(kind, who, body, server, CancellationToken.None);
        }
        catch (LedgerDamagedException e)
        {
            log.LogError(e, "The ledger lacks the {Kind} of {Verb}", kind, body.Verb);
        }
    }

    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary<string, string>.Empty;

    private static ActionBody Body(LedgerIntent intent) => Body(intent.Who, intent.Verb, intent.Server) with { Action = intent.Action };

    private static ActionBody Body(LedgerActor who, string verb, ServerId? server) => new()
    {
        Verb = verb,
        WhoId = who.PersonId,
        Who = who.Name,
        For = who.OnBehalfOf,
        From = who.From,
        Server = server?.Value,
    };

    private Task<long[]> AppendAsync(RecordKind kind, LedgerActor who, ActionBody body, ServerId? server, CancellationToken cancellationToken) => store.AppendAsync(
        who.OrganisationId, [NewRecord.Salted(kind, body, server?.Value ?? who.PersonId ?? who.OrganisationId, time.GetUtcNow())], cancellationToken);
}
