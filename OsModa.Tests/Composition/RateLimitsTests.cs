using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using OsModa.Dashboard.Composition;
using Xunit;

namespace OsModa.Tests.Composition;

public sealed class RateLimitsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_persons_programs_ask_for_so_much_at_once_and_are_told_in_words_when_it_is_more()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.AddRateLimits();
        await using var app = builder.Build();
        app.Use(next => http =>
        {
            http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, http.Request.Headers["Person"].ToString())], "test"));
            return next(http);
        });
        app.UseRouting();
        app.UseRateLimiter();
        app.MapGet("/held", () => held.Task).RequireRateLimiting(RateLimits.Programs);
        app.MapGet("/free", static () => "").RequireRateLimiting(RateLimits.Programs);
        await app.StartAsync(Stop);
        using var ada = Browser(app);
        using var bob = Browser(app);

        var asked = Enumerable.Range(0, 13).Select(_ => ada.GetAsync("/held", Stop)).ToList();
        using var refused = await await Task.WhenAny(asked);
        using var others = await bob.GetAsync("/free", Stop);
        held.SetResult();
        var answers = await Task.WhenAll(asked);

        Assert.Equal((HttpStatusCode.TooManyRequests, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Contains("Ask again", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
        Assert.Equal(12, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
    }

    [Theory]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("2001:db8:0:1::7", "2001:db8:0:1:ffff::8", true)]
    [InlineData("2001:db8:0:1::7", "2001:db8:0:2::7", false)]
    public void Guesses_are_counted_for_whoever_has_the_addresses(string one, string other, bool same) =>
        Assert.Equal(same, RateLimits.Network(IPAddress.Parse(one)) == RateLimits.Network(IPAddress.Parse(other)));

    private static HttpClient Browser(WebApplication app)
    {
        var browser = app.GetTestClient();
        browser.DefaultRequestHeaders.Add("Person", Guid.NewGuid().ToString());
        return browser;
    }
}
