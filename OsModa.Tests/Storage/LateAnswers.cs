using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OsModa.Tests.Storage;

/// <summary>SQLite has answered before anybody can await it; with this each query yields first, as with PostgreSQL.</summary>
internal sealed class LateAnswers : DbCommandInterceptor
{
    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return result;
    }
}
