using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using OsModa.Dashboard.Composition;
using Xunit;

namespace OsModa.Tests.Composition;

public sealed class SameOriginSocketsTests
{
    [Theory]
    [InlineData("http://10.0.0.5:5080", null, true)]
    [InlineData("https://osmoda.example", null, false)]
    [InlineData("https://osmoda.example", "https://osmoda.example", true)]
    [InlineData("http://10.0.0.5:5080", "https://osmoda.example", false)]
    public async Task Where_the_origins_are_listed_the_address_that_a_request_says_it_was_sent_to_counts_for_nothing(string origin, string? listed, bool passes)
    {
        var passed = false;
        Dictionary<string, string?> settings = new(StringComparer.Ordinal);
        if (listed is not null)
        {
            settings["AllowedOrigins:0"] = listed;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var sockets = new SameOriginSockets(
            _ =>
            {
                passed = true;
                return Task.CompletedTask;
            },
            configuration);
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("10.0.0.5", 5080);
        http.Request.Headers.Upgrade = "websocket";
        http.Request.Headers.Origin = origin;

        await sockets.InvokeAsync(http);

        Assert.Equal((passes, passes ? 200 : 403), (passed, http.Response.StatusCode));
    }
}
