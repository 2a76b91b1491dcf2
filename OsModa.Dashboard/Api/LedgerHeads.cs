using System.Security.Claims;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Reading;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Api;

/// <summary>For whoever has kept a head of the organisation's ledger, such as their browser: that the log has only grown since (RFC 9162, 2.1.4).</summary>
internal static class LedgerHeads
{
    public const string Path = "/api/v1/ledger/consistency";

    public static void MapLedgerHeads(this IEndpointRouteBuilder app) => app.MapProgram(Path, AnswerAsync);

    private static async Task<IResult> AnswerAsync(long from, long to, uint? epoch, ClaimsPrincipal user, Callers callers, LedgerQueries queries, CancellationToken stop) =>
        await callers.ReadAsync(user, stop) is not { } caller ? Results.Forbid()
        : queries.Consistency(caller.OrganisationId, from, to, epoch) is { } proof ? Results.Json(new { from, to, hashes = proof.Select(static hash => hash.ToBase64()) })
        : Results.Problem("Your organisation's ledger does not have so many entries.", statusCode: StatusCodes.Status404NotFound);
}
