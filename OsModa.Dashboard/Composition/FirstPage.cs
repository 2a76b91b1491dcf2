using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Composition;

/// <summary>
/// The page that everybody sees first is drawn once for nobody while the database is prepared: the code for drawing pages is then ready, and the
/// first visitor does not wait a third of a second for it.
/// </summary>
internal static class FirstPage
{
    /// <param name="app">All is mapped, nothing is started.</param>
    public static async Task DrawFirstPageAsync(this WebApplication app)
    {
        // All of them are made here, not at the first request.
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        var page = endpoints.First(static e => e.RoutePattern.RawText == SignIn.Path && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true);
        await using var scope = app.Services.CreateAsyncScope();
        var nobody = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        (nobody.Request.Method, nobody.Request.Scheme, nobody.Request.Host, nobody.Request.Path) = (HttpMethods.Get, "http", new HostString("localhost"), SignIn.Path);
        nobody.SetEndpoint(page);
        await page.RequestDelegate!(nobody);    // the body of such an answer is kept by nobody
    }
}
