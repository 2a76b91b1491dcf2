using Microsoft.EntityFrameworkCore;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger;
using OsModa.Core.Ledger.Storing;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Storage;

namespace OsModa.Core.Operations;

/// <summary>
/// The way of every verb that switches a server: the intent is written first, in the history and in the ledger; the database lets only one operation per server be
/// open, so of many clicks one starts and the others join it. Then the server is told; what comes of it is the
/// <see cref="OperationWatch"/>'s to find out.
/// </summary>
public sealed class BeginOperation(Database database, ShellOf shells, OperationWatch watch, LedgerWriter ledger, TimeProvider time)
{
    /// <summary>For the server to say that it has started, in all.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>The operation of a sheet, or the one that is open on its server.</summary>
    internal static Task<Operation?> FindOpenAsync(DashboardContext context, ServerId server, Guid sheet, CancellationToken cancellationToken) =>
        context.Operations.AsNoTracking()
            .Where(o => o.ServerId == server && (o.Id == sheet || o.State == OperationState.Intended || o.State == OperationState.Running))
            .OrderByDescending(o => o.Id == sheet)
            .FirstOrDefaultAsync(cancellationToken);

    /// <param name="caller">On whose behalf.</param>
    /// <param name="intent">The row to write.</param>
    /// <param name="order">What the server is told.</param>
    /// <param name="cancellationToken">Stops before the intent is written; after that it goes on, whatever becomes of the page.</param>
    internal async Task<RollBackResult> RunAsync(Caller caller, Operation intent, SwitchOrder order, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await TryWriteAsync(context, intent, cancellationToken)
                ? await NoteAsync(caller, intent) ?? await TellAsync(intent, order)
                : await JoinWinnerAsync(caller, intent, cancellationToken);
        }
    }

    private static async Task<bool> TryWriteAsync(DashboardContext context, Operation intent, CancellationToken cancellationToken)
    {
        context.Operations.Add(intent);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException taken) when (taken.IsDuplicate())
        {
            // Somebody was faster: the index lets one open operation a server in, or the sheet's id is taken.
            context.ChangeTracker.Clear();
            return false;
        }
    }

    private async Task<RollBackResult> JoinWinnerAsync(Caller caller, Operation intent, CancellationToken cancellationToken)
    {
        var context = database.OpenFor(caller);
        await using (context)
        {
            return await FindOpenAsync(context, intent.ServerId, intent.Id, cancellationToken) is { } winner
                ? new RollBackResult.Joined(winner)
                : new RollBackResult.Refused("", "Another operation on this server has just ended. Look again before you go on.");
        }
    }

    // The winner alone is an action; from here to its end the ledger knows it by the operation's id.
    private async Task<RollBackResult?> NoteAsync(Caller caller, Operation operation)
    {
        try
        {
            await ledger.IntendAsync(LedgerActor.Of(caller), OperationTold.Verb(operation), operation.ServerId, operation.Reason, OperationTold.Details(operation), operation.Id);
            return null;
        }
        catch (LedgerDamagedException e)
        {
            await watch.NotStartedAsync(operation, "It could not be written into the ledger.");
            return new RollBackResult.Refused("", LedgerVerbs.NotDone(e));
        }
    }

    private async Task<RollBackResult> TellAsync(Operation intent, SwitchOrder order)
    {
        watch.Follow(intent);
        using var limit = new CancellationTokenSource(StartLimit, time);
        StartAnswer answer;
        try
        {
            answer = await SwitchStart.RunAsync(shells, intent.ServerId, order, limit.Token);
        }
        catch
        {
            // Whatever went wrong here, the server may have been told: only it can say.
            await watch.StartedAsync(intent, answered: false);
            throw;
        }

        var why = answer switch
        {
            StartAnswer.Busy { Operation: not null } => "Another dashboard is switching this server right now.",
            StartAnswer.Busy busy => $"Somebody is switching this server by hand right now ({busy.Who}).",
            StartAnswer.Refused refused => refused.Why,
            _ => null,
        };
        if (why is not null)
        {
            await watch.NotStartedAsync(intent, why);
            return new RollBackResult.Refused("", why);
        }

        await watch.StartedAsync(intent, answer is not StartAnswer.Silent);
        return new RollBackResult.Started(intent);
    }
}
