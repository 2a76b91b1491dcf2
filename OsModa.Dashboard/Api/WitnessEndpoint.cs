using System.Net.Mime;
using OsModa.Core.Ledger.Witnessing;
using OsModa.Dashboard.Composition;

namespace OsModa.Dashboard.Api;

/// <summary>Where logs of others send their heads (C2SP tlog-witness). Open to all: what is cosigned is decided by the log's own signature.</summary>
internal static class WitnessEndpoint
{
    public const string Prefix = "/witness";

    public static void MapWitness(this IEndpointRouteBuilder app) => app.MapPost(Prefix + "/add-checkpoint", AnswerAsync).AllowAnonymous().RequireRateLimiting(RateLimits.Witnessing);

    private static async Task<IResult> AnswerAsync(HttpRequest request, Witness witness, CancellationToken stop)
    {
        var buffer = new byte[AddCheckpoint.BytesMost + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        var answer = await witness.RunAsync(buffer.AsMemory(0, length));
        return Results.Text(answer.Body, answer.Status == StatusCodes.Status409Conflict ? WitnessAnswer.SizeType : MediaTypeNames.Text.Plain, statusCode: answer.Status);
    }
}
