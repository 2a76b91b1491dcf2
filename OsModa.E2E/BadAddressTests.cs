using System.Text;
using System.Text.RegularExpressions;
using OsModa.E2E.Running;
using Xunit;

namespace OsModa.E2E;

/// <summary>Whatever stands in the address bar, the answer is a page of ours in words for people.</summary>
public sealed partial class BadAddressTests(Browser browser, Demo demo)
{
    private const int Seed = 20_260_301;
    private const int Tries = 300;

    private static readonly string[] Heads =
    [
        "/", "/servers/", "/servers/{id}", "/servers/{id}/", "/servers/{id}/generations", "/servers/{id}/units", "/servers/{id}/units/", "/servers/{id}/logs", "/servers/{id}/join",
        "/servers/{id}/host-key", "/servers/{id}/settings", "/servers/{id}/operations", "/servers/00000000-0000-0000-0000-000000000000/", "/servers/add", "/operations", "/sign-in", "/setup",
        "/nothing-here", "/hubs/fleet", "/api/", "/people", "/account", "/invitation", "/safeswitch", "/ledger", "/ledger/check", "/servers/{id}/ledger", "/servers/{id}/configuration", "/servers/{id}/compare/",
        "/servers/{id}/compare/with/", "/configuration", "/configuration/repository", "/rollouts/new", "/rollouts/", "/_blazor", "/_framework/", "/css/", "/js/",
    ];

    private static readonly string[] Tails =
    [
        "", "?", "?state=", "?tag=", "?q=", "?type=", "?rollback=", "?code=", "?returnUrl=", "?status=", "?unit=", "?state=failed&state=healthy", "?rollback=1&rollback=2", "?rollback=-1",
        "?rollback=99999999999999999999", "?rollback=1e3", "?status=200", "?status=-1", "?status=999999999999", "?entry=abc", "?entry=-1", "?before=x", "?operation=nonsense", "?undo=nonsense", "?topic=nonsense", "?check=nonsense", "?proposal=nonsense", "?commit=nonsense", "?drill=nonsense", "#", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/", "/%00", "/%0d%0aSet-Cookie:x=y", "/%ff%fe",
        "/<script>alert(1)</script>", "?q=<script>alert(1)</script>", "?q=%22onmouseover=%22alert(1)", "?returnUrl=//evil.example", "?returnUrl=/%5Cevil.example", "?returnUrl=https://evil.example", "?q=%00", "?q=%F0%9F%92%A9",
        "?q='%20OR%201=1--", "?tag=../../", "?%00=%00", "?q=%u0041", "?state[]=failed", "?" + "a=b&a=b&a=b&",
    ];

    [Fact]
    public async Task No_address_brings_forth_a_stack_trace_or_a_server_error()
    {
        await using var window = await demo.OpenAsync(browser, Demo.Owner);
        await window.GoAsync("/");
        var id = (await window.Page.Locator("table a.server-name").First.GetAttributeAsync("href"))!["/servers/".Length..];
        var random = new Random(Seed);
        var addresses = Heads.SelectMany(head => Tails.Select(tail => head + tail))
            .Concat(Enumerable.Range(0, Tries).Select(_ => Heads[random.Next(Heads.Length)] + Garbage(random)))
            .Append("/?q=" + new string('x', 7000))
            .Append("/" + new string('a', 7000));
        var cookies = string.Join("; ", (await window.Context.CookiesAsync()).Select(c => $"{c.Name}={c.Value}"));
        var product = await demo.ProductAsync();
        var broken = new List<string>();
        foreach (var address in addresses.Select(a => a.Replace("{id}", id, StringComparison.Ordinal)))
        {
            var answer = await RawRequest.GetAsync(product, address, cookies);
            if (answer.Status is < 200 or >= 500 || StackTrace().IsMatch(answer.Body) || answer.Body.Contains("<script>alert", StringComparison.OrdinalIgnoreCase)
                || Elsewhere().IsMatch(answer.Headers))
            {
                broken.Add($"{answer.Status} {address}: {answer.Body[..Math.Min(200, answer.Body.Length)]}");
            }
        }

        Assert.True(broken.Count == 0, string.Join("\n", broken));
        Assert.DoesNotContain("unhandled exception", product.Log.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private static string Garbage(Random random)
    {
        const string Signs = "%0123456789abcdef%25%2f/?&=#;:@!$'()*+,~[]{}|\\^`\"<>\u00e9\u4e2d";
        var text = new StringBuilder();
        for (var length = random.Next(1, 40); length > 0; length--)
        {
            text.Append(Signs[random.Next(Signs.Length)]);
        }

        return Uri.EscapeDataString(text.ToString()).Replace("%25", "%", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3F", "?", StringComparison.Ordinal);
    }

    // A header that the address brought in, or a redirection to another site.
    [GeneratedRegex(@"^Set-Cookie: x=|^Location: (https?:)?[/\\]{2}(?!127\.0\.0\.1)", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\bat [A-Z][A-Za-z]+(\.[A-Za-z<>`0-9_]+)+\(|\.cs:line|[A-Za-z]+Exception\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StackTrace();
}
