using System.Text.Json;
using System.Text.RegularExpressions;

namespace OsModa.Benchmarks.Circuits;

/// <summary>What blazor.web.js finds in a prerendered page: the markers of its interactive components and the state that goes with them.</summary>
internal sealed partial record PrerenderedPage(string Operations, string State)
{
    /// <exception cref="InvalidDataException">The page has no interactive component, such as the sign-in page.</exception>
    public static PrerenderedPage Parse(string html)
    {
        var operations = Marker().Matches(html)
            .Select(match => JsonDocument.Parse(match.Groups["json"].Value).RootElement)
            .Where(marker => marker.TryGetProperty("descriptor", out _))
            .Select((marker, index) => new { type = "add", ssrComponentId = index + 1, marker })
            .ToList();
        if (operations.Count == 0)
        {
            throw new InvalidDataException("The page has no interactive component.");
        }

        return new PrerenderedPage(JsonSerializer.Serialize(new { batchId = 1, operations }), StateComment().Match(html).Groups["state"].Value);
    }

    [GeneratedRegex(@"<!--Blazor:(?<json>\{.*?\})-->", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Marker();

    [GeneratedRegex(@"<!--Blazor-Server-Component-State:(?<state>.*?)-->", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StateComment();
}
