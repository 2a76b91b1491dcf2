using System.Collections.Immutable;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.Servers;

namespace OsModa.Core.Ledger;

/// <summary>A verb that is over when it returns, between its intent and its outcome. Without the intent it is not carried out.</summary>
public static class LedgerVerbs
{
    /// <param name="ledger">Where it is written.</param>
    /// <param name="caller">Who wants it.</param>
    /// <param name="verb">In words with dots: <c>server.add</c>.</param>
    /// <param name="act">Carries it out; has checked before what it could.</param>
    /// <param name="server">On which server, if on one.</param>
    /// <param name="why">In the person's words; may be empty.</param>
    /// <param name="details">What else belongs to it.</param>
    /// <param name="cancellationToken">Gives up before the intent is written.</param>
    public static async Task<Result<T>> DoAsync<T>(
        this LedgerWriter ledger, Caller caller, string verb, Func<Task<Result<T>>> act, ServerId? server = null, string why = "", ImmutableSortedDictionary<string, string>? details = null,
        CancellationToken cancellationToken = default)
        where T : class =>
        await DoAsync(ledger, caller, verb, act, static result => result.Errors.ByField.Values.FirstOrDefault(), static why => FieldErrors.Of("", why), server, why, details, cancellationToken);

    /// <summary>The same for a verb that answers why nothing came of it, or null.</summary>
    public static Task<string?> DoAsync(this LedgerWriter ledger, Caller caller, string verb, Func<Task<string?>> act, ServerId? server, ImmutableSortedDictionary<string, string>? details, CancellationToken cancellationToken) =>
        DoAsync(ledger, caller, verb, act, static result => result, static why => why, server, "", details, cancellationToken);

    /// <summary>Names and values of what else belongs to an action.</summary>
    public static ImmutableSortedDictionary<string, string> Details(params ReadOnlySpan<(string Name, string? Value)> details)
    {
        var sorted = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in details)
        {
            if (!string.IsNullOrEmpty(value))
            {
                sorted[name] = value;
            }
        }

        return sorted.ToImmutable();
    }

    /// <summary>For the person whose click came to nothing.</summary>
    public static string NotDone(LedgerDamagedException damaged) => $"Nothing was done, because it could not be written into the ledger. {damaged.Message}";

    private static async Task<TResult> DoAsync<TResult>(
        LedgerWriter ledger, Caller caller, string verb, Func<Task<TResult>> act, Func<TResult, string?> failure, Func<string, TResult> refuse, ServerId? server, string why,
        ImmutableSortedDictionary<string, string>? details, CancellationToken cancellationToken)
    {
        LedgerIntent intent;
        try
        {
            intent = await ledger.IntendAsync(LedgerActor.Of(caller), verb, server, why, details, cancellationToken: cancellationToken);
        }
        catch (LedgerDamagedException e)
        {
            return refuse(NotDone(e));
        }

        TResult result;
        try
        {
            result = await act();
        }
        catch (Exception broken)
        {
            await ledger.OutcomeAsync(intent, LedgerOutcome.Unknown, broken is OperationCanceledException ? "It was broken off." : "It broke: the log of the dashboard has the cause.");
            throw;
        }

        var failed = failure(result);
        await ledger.OutcomeAsync(intent, failed is null ? LedgerOutcome.Done : LedgerOutcome.Failed, failed ?? "");
        return result;
    }
}
