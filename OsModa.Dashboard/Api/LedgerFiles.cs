using System.Net.Mime;
using System.Security.Claims;
using System.Text;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Reading;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Api;

/// <summary>An entry of the ledger as files, for tools that check it: its bytes, and its proof (C2SP tlog-proof).</summary>
internal static class LedgerFiles
{
    private const string Path = "/api/v1/ledger/entries/{seq:long}/";

    public static string Of(long seq) => Path.TrimEnd('/').Replace("{seq:long}", $"{seq}", StringComparison.Ordinal);

    public static void MapLedgerFiles(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path + "proof", (long seq, ClaimsPrincipal user, Callers callers, LedgerQueries queries, CancellationToken stop) => AnswerAsync(
            user, callers, queries, seq, static entry => entry.Proof is { } proof ? Results.File(Encoding.UTF8.GetBytes(proof.ToString()), MediaTypeNames.Text.Plain, $"{entry.Line.Seq}.tlog-proof") : null, stop)).RequireAuthorization();
        app.MapGet(Path + "record", (long seq, ClaimsPrincipal user, Callers callers, LedgerQueries queries, CancellationToken stop) => AnswerAsync(
            user, callers, queries, seq, static entry => Results.File(entry.Record, MediaTypeNames.Application.Octet, $"{entry.Line.Seq}.record"), stop)).RequireAuthorization();
    }

    private static async Task<IResult> AnswerAsync(ClaimsPrincipal user, Callers callers, LedgerQueries queries, long seq, Func<LedgerEntry, IResult?> file, CancellationToken stop) =>
        await callers.ReadAsync(user, stop) is not { } caller ? Results.Forbid()
        : queries.Entry(caller.OrganisationId, seq) is { } entry && file(entry) is { } found ? found
        : Results.Problem("Your organisation's ledger has no such entry, or it is not signed yet.", statusCode: StatusCodes.Status404NotFound);
}
