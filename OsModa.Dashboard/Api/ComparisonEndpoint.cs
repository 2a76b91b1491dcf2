using System.Security.Claims;
using OsModa.Core.Accounts;
using OsModa.Core.Comparison;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Pages.Comparing;

namespace OsModa.Dashboard.Api;

/// <summary>The comparison page for programs. See docs/api.md.</summary>
internal static class ComparisonEndpoint
{
    public const string Path = "/api/v1/servers/{server:guid}/compare/{pair}";

    public static void MapComparison(this IEndpointRouteBuilder app) => app.MapGet(Path, AnswerAsync).RequireAuthorization();

    private static async Task<IResult> AnswerAsync(Guid server, string pair, string? @as, ClaimsPrincipal user, Callers callers, Fleet fleet, CompareSystems compare, OperationHistory history, ServerDirectory servers, CancellationToken stop)
    {
        if (await callers.ReadAsync(user, stop) is not { } caller)
        {
            return Results.Forbid();
        }

        if (!PairOfSystems.TryParse(pair, out var numbers))
        {
            return Results.Problem("The address ends in two numbers of generations with two dots between them, such as 41..42.", statusCode: StatusCodes.Status400BadRequest);
        }

        var id = new ServerId(server);
        var state = fleet[id];
        if (PairOfSystems.Find(state, numbers.From) is not { } from || PairOfSystems.Find(state, numbers.To) is not { } to)
        {
            return Results.Problem("Your organisation has no such server, or the server no such generation.", statusCode: StatusCodes.Status404NotFound);
        }

        var past = PastSwitches.Of(await history.OfServerAsync(caller, id, cancellationToken: stop));
        return await compare.RunAsync(caller, id, from.System, to.System, static _ => { }, cancellationToken: stop) switch
        {
            CompareResult.Compared(var difference) when Forecast.Of(difference, state) is var forecast => @as == "markdown"
                ? Results.Text(ComparisonText.Markdown((await servers.FindAsync(caller, id, stop))?.Name ?? "", $"{numbers.From}", $"{numbers.To}", difference, forecast, past.Likely(forecast)), "text/markdown; charset=utf-8")
                : Results.Json(ComparisonAnswer.Of(difference, forecast, past.Likely(forecast))),
            CompareResult.Gone => Results.Problem("One of the two systems was collected as garbage on the server.", statusCode: StatusCodes.Status410Gone),
            CompareResult.Failed(var fault) => Results.Problem(fault.Detail, statusCode: StatusCodes.Status502BadGateway),
            _ => Results.Problem("Your organisation has no such server, or the server no such generation.", statusCode: StatusCodes.Status404NotFound),
        };
    }
}
