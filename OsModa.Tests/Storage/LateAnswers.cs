using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OsModa.Tests.Storage;

/// <summary>SQLite has answered before anybody can await it; with this each query yields first, as with PostgreSQL.</summary>
internal sealed class LateAnswers : DbCommandInterceptor
{
    private int _asked;

    /// <summary>Queries so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Until it is done no query is answered.</summary>
    public TaskCompletionSource? Held { get; set; }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asked);
        await Task.Yield();
        if (Held is { } held)
        {
            await held.Task.WaitAsync(cancellationToken);
        }

        return result;
    }
}
