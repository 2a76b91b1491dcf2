using System.Text.RegularExpressions;
using OsModa.E2E.Running;
using Xunit;

namespace OsModa.E2E.Looks;

public sealed partial class EveryPageTests(Browser browser, Demo demo, Pictures pictures)
{
    public static TheoryData<string> Names { get; } = [.. Places.All.Select(place => place.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_accessible_and_fits_light_on_a_desktop_and_dark_on_a_phone(string name)
    {
        var place = Places.All.Single(place => place.Name == name);
        var names = await demo.NamesAsync(browser);
        // One window after the other of the same person finds scripts and style sheets in its cache: half the work.
        var window = await demo.BorrowAsync(browser, place.Who);
        try
        {
            await window.GoAsync(place, names);
            await Audit.RunAsync(window);
            await pictures.ShootAsync(window, place);
            await demo.ReturnAsync(place.Who, window);
        }
        catch
        {
            await window.DisposeAsync();
            throw;
        }
    }

    [Fact]
    public void Every_address_that_a_page_answers_is_among_them()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(ProductFiles.Repository, "OsModa.Dashboard"), "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText).ToList();
        var routes = sources.SelectMany(source => PageDirective().Matches(source).Select(match => match.Groups["route"].Value))
            .Concat(sources.Where(source => source.Contains("MapGet(Path", StringComparison.Ordinal)).Select(source => OwnPath().Match(source).Groups["route"].Value))
            .Where(route => !route.StartsWith("/api/", StringComparison.Ordinal) && !route.EndsWith(".js", StringComparison.Ordinal))    // answer programs, and pages
            .ToList();

        Assert.True(routes.Count > 15, "The routes of the pages are not found in the sources.");
        var missing = routes.Where(route => !Places.All.Any(place => Leads(place.Path, route))).ToList();
        Assert.True(missing.Count == 0, $"Nobody looks at {string.Join(", ", missing)}: add them to Places.");
    }

    /// <summary>Segment by segment; one of the route in braces takes anything.</summary>
    private static bool Leads(string path, string route)
    {
        var (segments, wanted) = (path.Split('?')[0].Split('/'), route.Split('/'));
        return segments.Length == wanted.Length && segments.Zip(wanted).All(pair => pair.Second.StartsWith('{') || pair.First == pair.Second);
    }

    [GeneratedRegex("^@page \"(?<route>[^\"]+)\"", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PageDirective();

    [GeneratedRegex("const string Path = \"(?<route>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OwnPath();
}
