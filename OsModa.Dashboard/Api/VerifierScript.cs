using System.Net.Mime;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using OsModa.Core.Ledger.Bundles;
using OsModa.Dashboard.Composition;

namespace OsModa.Dashboard.Api;

/// <summary>What checks a signed head in <c>verify.html</c>, for the scripts of the pages: one program checks, whoever asks it. Open to all, as the other scripts are.</summary>
internal static class VerifierScript
{
    public const string Path = "/js/verifier.js";

    private static readonly EntityTagHeaderValue Tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(VerifyPage.HeadModule))}\"");

    public static void MapVerifierScript(this IEndpointRouteBuilder app) => app.MapGet(Path, Answer).AllowAnonymous().WithMetadata(new NeedsNoData());

    private static IResult Answer(HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache";    // asked for again after an update, and mostly not sent again
        return Results.File(VerifyPage.HeadModule, MediaTypeNames.Text.JavaScript, entityTag: Tag);
    }
}
