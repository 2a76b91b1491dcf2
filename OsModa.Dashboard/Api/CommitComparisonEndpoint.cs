using System.Security.Claims;
using OsModa.Core.Accounts;
using OsModa.Core.Comparison;
using OsModa.Core.Configuration;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Api;

/// <summary>What a server runs compared with what a commit of its configuration makes of it, for programs. See docs/api.md.</summary>
internal static class CommitComparisonEndpoint
{
    public const string Path = "/api/v1/servers/{server:guid}/compare/commit/{commit}";

    public static void MapCommitComparison(this IEndpointRouteBuilder app) => app.MapGet(Path, AnswerAsync).RequireAuthorization();

    private static async Task<IResult> AnswerAsync(Guid server, string commit, ClaimsPrincipal user, Callers callers, Fleet fleet, CheckHistory checks, CompareSystems compare, OperationHistory history, CancellationToken stop)
    {
        if (await callers.ReadAsync(user, stop) is not { } caller)
        {
            return Results.Forbid();
        }

        if (!CommitPrefix.TryParse(commit, out var prefix))
        {
            return Results.Problem("The address ends in at least seven of the digits by which git names a commit.", statusCode: StatusCodes.Status400BadRequest);
        }

        var id = new ServerId(server);
        var state = fleet[id];
        if (!StorePath.TryParse((await checks.BuiltAsync(caller, id, prefix, stop))?.System, out var built))
        {
            return Results.Problem("Your organisation has no such server, or the commit was not built for it: its checks build it.", statusCode: StatusCodes.Status404NotFound);
        }

        if (state.Pins?.Current is not { } current)
        {
            return Results.Problem("The server has not said yet what it runs.", statusCode: StatusCodes.Status409Conflict);
        }

        switch (await compare.RunAsync(caller, id, current, built, static _ => { }, cancellationToken: stop))
        {
            case CompareResult.Compared(var difference):
                var forecast = Forecast.Of(difference, state, null);
                return Results.Json(ComparisonAnswer.Of(difference, forecast, PastSwitches.Of(await history.OfServerAsync(caller, id, cancellationToken: stop)).Likely(forecast)));
            case CompareResult.Gone:
                return Results.Problem("What was built was collected as garbage on the server.", statusCode: StatusCodes.Status410Gone);
            case CompareResult.Failed(var fault):
                return Results.Problem(fault.Detail, statusCode: StatusCodes.Status502BadGateway);
            default:
                return Results.Problem("Your organisation has no such server.", statusCode: StatusCodes.Status404NotFound);
        }
    }
}
