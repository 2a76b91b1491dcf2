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

    public static void MapComparison(this IEndpointRouteBuilder app) => app.MapProgram(Path, AnswerAsync);

    private static async Task<IResult> AnswerAsync(Guid server, string pair, string? @as, bool? dryRun, HttpRequest request, ClaimsPrincipal user, Callers callers, Fleet fleet, CompareSystems compare, OperationHistory history, ServerDirectory servers, PreviewRollBack preview, CancellationToken stop)
    {
        if (await callers.ReadAsync(user, stop) is not { } caller)
        {
            return Results.Forbid();
        }

        if (dryRun is true && ProgramAnswers.FromElsewhere(request) is { } elsewhere)
        {
            return elsewhere;
        }

        if (!PairOfSystems.TryParse(pair, out var numbers))
        {
            return Results.Problem("The address ends in two numbers of generations with two dots between them, such as 41..42.", statusCode: StatusCodes.Status400BadRequest);
        }

        var id = new ServerId(server);
        var state = fleet[id];
        if (await servers.FindAsync(caller, id, stop) is not { } known || PairOfSystems.Find(state, numbers.From) is not { } from || PairOfSystems.Find(state, numbers.To) is not { } to)
        {
            return ComparisonReply.NotThere();
        }

        if (dryRun is true && ComparisonDryRun.Refusal(caller, state, from) is { } refusal)
        {
            return refusal;
        }

        var result = await compare.RunAsync(caller, id, from.System, to.System, static _ => { }, cancellationToken: stop);
        if (result is not CompareResult.Compared(var difference))
        {
            return ComparisonReply.Otherwise(result);
        }

        var (units, otherwise) = dryRun is true ? await ComparisonDryRun.RunAsync(preview, caller, id, to, stop) : (null, null);
        var forecast = Forecast.Of(difference, state, units);
        var time = PastSwitches.Of(await history.OfServerAsync(caller, id, cancellationToken: stop)).Likely(forecast);
        return otherwise ?? ComparisonReply.Of(known.Name, $"{numbers.From}", $"{numbers.To}", difference, forecast, time, @as);
    }
}
