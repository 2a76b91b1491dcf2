using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>The application and all that it answers at.</summary>
public abstract partial class EndpointRoom(ProductInProcess product) : IClassFixture<ProductInProcess>
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected ProductInProcess Product => product;

    protected IEnumerable<RouteEndpoint> Endpoints() => product.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    protected static bool IsForPrograms(RouteEndpoint endpoint) => Route(endpoint).StartsWith("/api/", StringComparison.Ordinal);

    protected static string Route(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    protected static string Method(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var method, ..] ? method : "GET";

    protected static string Address(RouteEndpoint endpoint, string value) => Parameter().Replace(Route(endpoint), value);

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
