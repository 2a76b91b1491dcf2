using System.Globalization;
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
        string? @as, string? from, string? until, string? previous, long[]? proof, Guid? server, uint? epoch, HttpRequest http, ClaimsPrincipal user, Callers callers, ExportLedger exports, CancellationToken stop)
    {
        if (await callers.ReadAsync(user, stop) is not { } caller)
        {
            return Results.Forbid();
        }

        if (ProgramAnswers.FromElsewhere(http) is { } refusal)
        {
            return refusal;
        }

        if (!TryNumber(from, out var first) || !TryNumber(until, out var last) || !TryNumber(previous, out var kept))
        {
            return Results.Problem("The parameters from, until and previous are numbers.", statusCode: StatusCodes.Status400BadRequest);
        }

        var about = server is { } id ? new ServerId(id) : (ServerId?)null;
        var request = new BundleRequest { Epoch = epoch, From = first ?? 0, Until = last, Previous = kept, Proofs = [.. proof ?? []] };
        var result = @as switch
        {
            null or "bundle" => await exports.BundleAsync(caller, request, about, stop),
            "csv" => await exports.TextAsync(caller, LedgerText.Csv, request, about, stop),
            "jsonl" => await exports.TextAsync(caller, LedgerText.JsonLines, request, about, stop),
            _ => null,
        };
        return result switch
        {
            null => Results.Problem("The ledger can be had as bundle, as csv and as jsonl.", statusCode: StatusCodes.Status400BadRequest),
            { Value: { } export } => Results.Stream(to => SendAsync(export, to, stop), export.ContentType, export.FileName),
            _ => Results.Problem(result.Errors.ByField.Values.First(), statusCode: StatusCodes.Status409Conflict),
        };
    }

    // A field of the form that was left empty is sent all the same.
    private static bool TryNumber(string? text, out long? number)
    {
        var isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        number = isNumber ? value : null;
        return isNumber || string.IsNullOrEmpty(text);
    }

    private static async Task SendAsync(LedgerExport export, Stream to, CancellationToken stop)
    {
        await using (export)
        {
            await export.WriteAsync(to, stop);
        }
    }
}
