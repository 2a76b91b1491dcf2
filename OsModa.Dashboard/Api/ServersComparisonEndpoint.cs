using System.Security.Claims;
using OsModa.Core.Accounts;
using OsModa.Core.Comparison;
using OsModa.Core.Servers;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Api;

/// <summary>What two servers run, compared, for programs. See docs/api.md.</summary>
internal static class ServersComparisonEndpoint
{
    public const string Path = "/api/v1/servers/{server:guid}/compare/with/{other:guid}";

    public static void MapServersComparison(this IEndpointRouteBuilder app) => app.MapProgram(Path, AnswerAsync);

    private static async Task<IResult> AnswerAsync(Guid server, Guid other, ClaimsPrincipal user, Callers callers, CompareServers compare, CancellationToken stop) =>
        await callers.ReadAsync(user, stop) is not { } caller ? Results.Forbid() : await compare.RunAsync(caller, new ServerId(server), new ServerId(other), stop) switch
        {
            CompareServersResult.Compared(var difference) => Results.Json(ServersComparisonAnswer.Of(difference)),
            CompareServersResult.Unheard(var silent) => Results.Problem($"{silent.Name} has not said yet what it runs.", statusCode: StatusCodes.Status409Conflict),
            CompareServersResult.Gone(var empty) => Results.Problem($"The system of {empty.Name} was collected as garbage.", statusCode: StatusCodes.Status410Gone),
            CompareServersResult.Failed(var lost, var fault) => Results.Problem($"{lost.Name}: {fault.Detail}", statusCode: StatusCodes.Status502BadGateway),
            _ => Results.Problem("Your organisation does not have both of these servers.", statusCode: StatusCodes.Status404NotFound),
        };
}
