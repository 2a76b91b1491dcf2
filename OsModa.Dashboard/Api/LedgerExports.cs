using System.Net.Mime;
using System.Security.Claims;
using OsModa.Core;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Bundles;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Api;

/// <summary>The ledger of the caller's organisation as a file. See docs/api.md.</summary>
internal static class LedgerExports
{
    public const string Route = "/api/v1/ledger/export";
    public const string VerifierRoute = "/api/v1/ledger/verify.html";

    public static void MapLedgerExports(this IEndpointRouteBuilder app)
    {
        app.MapProgram(Route, AnswerAsync);
        app.MapProgram(VerifierRoute, static () => Results.File(VerifyPage.Html, MediaTypeNames.Text.Html, "verify.html"));
    }

    private static async Task<IResult> AnswerAsync(
        string? @as, long? from, long? until, long? previous, long[]? proof, Guid? server, uint? epoch, HttpRequest request, ClaimsPrincipal user, Callers callers, ExportLedger exports, CancellationToken stop)
    {
        if (await callers.ReadAsync(user, stop) is not { } caller)
        {
            return Results.Forbid();
        }

        if (ProgramAnswers.FromElsewhere(request) is { } refusal)
        {
            return refusal;
        }

        var about = server is { } id ? new ServerId(id) : (ServerId?)null;
        var result = @as switch
        {
            null or "bundle" => await exports.BundleAsync(caller, new BundleRequest { Epoch = epoch, From = from ?? 0, Until = until, Previous = previous, Proofs = [.. proof ?? []] }, about, stop),
            "csv" => await exports.TextAsync(caller, LedgerText.Csv, from ?? 0, about, epoch, stop),
            "jsonl" => await exports.TextAsync(caller, LedgerText.JsonLines, from ?? 0, about, epoch, stop),
            _ => null,
        };
        return result switch
        {
            null => Results.Problem("The ledger can be had as bundle, as csv and as jsonl.", statusCode: StatusCodes.Status400BadRequest),
            { Value: { } export } => Results.Stream(to => SendAsync(export, to, stop), export.ContentType, export.FileName),
            _ => Results.Problem(result.Errors.ByField.Values.First(), statusCode: StatusCodes.Status409Conflict),
        };
    }

    private static async Task SendAsync(LedgerExport export, Stream to, CancellationToken stop)
    {
        await using (export)
        {
            await export.WriteAsync(to, stop);
        }
    }
}
