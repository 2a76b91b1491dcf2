using System.Security.Claims;
using OsModa.Core.Accounts;
using OsModa.Core.Comparison;
using OsModa.Core.Configuration;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Operations;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;
using OsModa.Dashboard.Live;

namespace OsModa.Dashboard.Api;

/// <summary>What a server runs compared with what a commit of its configuration makes of it, for programs. See docs/api.md.</summary>
internal static class CommitComparisonEndpoint
{
    public const string Path = "/api/v1/servers/{server:guid}/compare/commit/{commit}";

    public static void MapCommitComparison(this IEndpointRouteBuilder app) => app.MapProgram(Path, AnswerAsync);

    private static async Task<IResult> AnswerAsync(Guid server, string commit, string? @as, ClaimsPrincipal user, Callers callers, Fleet fleet, CheckHistory checks, CompareSystems compare, OperationHistory history, ServerDirectory servers, CancellationToken stop)
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
        if (await servers.FindAsync(caller, id, stop) is not { } known || !StorePath.TryParse((await checks.BuiltAsync(caller, id, prefix, stop))?.System, out var built))
        {
            return Results.Problem("Your organisation has no such server, or the commit was not built for it: its checks build it.", statusCode: StatusCodes.Status404NotFound);
        }

        if (state.Pins?.Current is not { } current)
        {
            return Results.Problem("The server has not said yet what it runs.", statusCode: StatusCodes.Status409Conflict);
        }

        var result = await compare.RunAsync(caller, id, current, built, static _ => { }, cancellationToken: stop);
        if (result is not CompareResult.Compared(var difference))
        {
            return ComparisonReply.Otherwise(result);
        }

        var forecast = Forecast.Of(difference, state, null);
        var time = PastSwitches.Of(await history.OfServerAsync(caller, id, cancellationToken: stop)).Likely(forecast);
        return ComparisonReply.Of(known.Name, state.Current is { } runs ? $"{runs.Number}" : "what runs", $"commit {prefix.Short}", difference, forecast, time, @as);
    }
}
