using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace OsModa.E2E.Running;

/// <summary>What stands for the placeholders in addresses of the demo's pages.</summary>
/// <param name="Values">By placeholder: <c>{server}</c> is healthy and has generations <c>{older}</c> and <c>{current}</c>; <c>{failed}</c> is not; <c>{adopted}</c> has its configuration in the repository; <c>{reinstalled}</c> shows another host key; <c>{operation}</c> took <c>{rolled-back}</c> back. <c>{visited}</c>, of the other organisation, may only be looked at.</param>
public sealed partial record DemoNames(IReadOnlyDictionary<string, string> Values)
{
    public string Fill(string path) => Values.Aggregate(path, (filled, value) => filled.Replace(value.Key, value.Value, StringComparison.Ordinal));

    internal static async Task<DemoNames> ReadAsync(Window window)
    {
        var page = window.Page;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        await window.GoAsync("/");
        foreach (var (place, name) in new[] { ("{server}", "build2"), ("{adopted}", "web1"), ("{failed}", "web3"), ("{reinstalled}", "edge-sa") })
        {
            values[place] = Last(await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).GetAttributeAsync("href"));
        }

        await window.GoAsync($"/servers/{values["{server}"]}/generations");
        values["{older}"] = Last(await page.Locator("a[href*='rollback=']").First.GetAttributeAsync("href"));
        values["{current}"] = await page.Locator(".lead strong").First.TextContentAsync() ?? "";
        await window.GoAsync("/operations");
        var operation = await page.GetByRole(AriaRole.Link, new() { NameRegex = RolledBack() }).First.GetAttributeAsync("href");
        values["{operation}"] = Last(operation);
        values["{rolled-back}"] = operation!.Split('/')[2];
        return new DemoNames(values);
    }

    /// <summary>The same, and what somebody of the other organisation sees.</summary>
    internal async Task<DemoNames> AndOfAsync(Window stranger)
    {
        await stranger.GoAsync("/");
        var visited = await stranger.Page.GetByRole(AriaRole.Link, new() { Name = "lab1", Exact = true }).GetAttributeAsync("href");
        return new DemoNames(new Dictionary<string, string>(Values, StringComparer.Ordinal) { ["{visited}"] = Last(visited) });
    }

    private static string Last(string? address) => address!.Split('/', '=')[^1];

    [GeneratedRegex("^rolled ", RegexOptions.None, 1000)]
    private static partial Regex RolledBack();
}
