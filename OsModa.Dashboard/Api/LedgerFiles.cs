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

    /// <param name="seq">Of the entry.</param>
    /// <param name="file"><c>proof</c> or <c>record</c>.</param>
    /// <param name="epoch">Of the log; null: the newest.</param>
    public static string Of(long seq, string file, uint? epoch) => $"{Path.Replace("{seq:long}", $"{seq}", StringComparison.Ordinal)}{file}{(epoch is null ? "" : $"?epoch={epoch}")}";

    public static void MapLedgerFiles(this IEndpointRouteBuilder app)
    {
        app.MapProgram(Path + "proof", (long seq, uint? epoch, ClaimsPrincipal user, Callers callers, LedgerQueries queries, CancellationToken stop) => AnswerAsync(
            user, callers, queries, seq, epoch, static entry => entry.Proof is { } proof ? Results.File(Encoding.UTF8.GetBytes(proof.ToString()), MediaTypeNames.Text.Plain, $"{entry.Line.Seq}.tlog-proof") : null, stop));
        app.MapProgram(Path + "record", (long seq, uint? epoch, ClaimsPrincipal user, Callers callers, LedgerQueries queries, CancellationToken stop) => AnswerAsync(
            user, callers, queries, seq, epoch, static entry => Results.File(entry.Record, MediaTypeNames.Application.Octet, $"{entry.Line.Seq}.record"), stop));
    }

    private static async Task<IResult> AnswerAsync(ClaimsPrincipal user, Callers callers, LedgerQueries queries, long seq, uint? epoch, Func<LedgerEntry, IResult?> file, CancellationToken stop) =>
        await callers.ReadAsync(user, stop) is not { } caller ? Results.Forbid()
        : queries.Entry(caller.OrganisationId, seq, epoch) is { } entry && file(entry) is { } found ? found
        : Results.Problem("Your organisation's ledger has no such entry, or it is not signed yet.", statusCode: StatusCodes.Status404NotFound);
}
