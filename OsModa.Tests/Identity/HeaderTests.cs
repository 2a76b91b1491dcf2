using System.Text.RegularExpressions;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>What browsers are told to keep to, with each answer.</summary>
public sealed partial class HeaderTests(ProductInProcess product) : IClassFixture<ProductInProcess>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://osmoda.example", true)]
    [InlineData("https://localhost", false)]
    [InlineData("https://127.0.0.1", false)]
    [InlineData("http://osmoda.example", false)]
    public async Task Over_HTTPS_browsers_are_told_to_stay_there(string address, bool told)
    {
        using var browser = product.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new Uri(address) });

        using var answer = await browser.GetAsync("/sign-in", Stop);

        Assert.Equal(told, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/healthz")]
    [InlineData("/no/such/path")]
    [InlineData("/css/account.css")]
    [InlineData("/setup?code=AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/nothing-here?status=500")]
    public async Task Every_answer_carries_the_headers_that_keep_browsers_strict(string path)
    {
        using var stranger = product.Stranger();
        using var answer = await stranger.GetAsync(path, Stop);
        string Header(string name) => string.Join(',', answer.Headers.GetValues(name));

        var policy = Header("Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("DENY", Header("X-Frame-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task No_page_has_a_script_in_its_text()
    {
        using var stranger = product.Stranger();
        foreach (var path in (string[])["/sign-in", "/setup", "/nothing-here"])
        {
            var text = await (await stranger.GetAsync(path, Stop)).Content.ReadAsStringAsync(Stop);

            Assert.DoesNotMatch(InlineScript(), text);
            Assert.DoesNotMatch(EventAttribute(), text);
        }
    }

    [GeneratedRegex("<script(?![^>]*src=)", RegexOptions.None, 1000)]
    private static partial Regex InlineScript();

    [GeneratedRegex(@"<[^>]*\son[a-z]+=", RegexOptions.None, 1000)]
    private static partial Regex EventAttribute();
}
