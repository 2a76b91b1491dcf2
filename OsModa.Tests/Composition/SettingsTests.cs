using System.Text.RegularExpressions;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Composition;

/// <summary>Each setting that the program reads stands in docs/operating.md: found in the source, so that new ones are in it.</summary>
public sealed partial class SettingsTests
{
    [Fact]
    public void Every_setting_that_is_read_stands_in_the_table_of_settings()
    {
        var repository = Repository.Folder;
        var table = File.ReadAllText(Path.Combine(repository, "docs", "operating.md"));
        var names = Directory.EnumerateFiles(Path.Combine(repository, "OsModa.Dashboard", "Composition"), "*.cs").SelectMany(file => Names(File.ReadAllText(file))).Distinct().ToList();

        Assert.Contains("Ledger:WitnessFor", names);
        Assert.Contains("SafeSwitch:KnownGood:Hours", names);
        Assert.Contains("AllowedOrigins", names);
        Assert.All(names, name => Assert.Matches($"`{Regex.Escape(name)}[:`]", table));
    }

    // A section that becomes a record is its properties; a variable "section" is one of the ledger. The demo's are for who works on the demo.
    private static IEnumerable<string> Names(string source)
    {
        var records = Record().Matches(source).Select(static match => (Section: match.Groups["section"].Value, Type: match.Groups["type"].Value)).Where(static record => record.Section != "Demo").ToList();
        var types = typeof(StorageSettings).Assembly.GetTypes();
        return
        [
            .. records.Where(static record => record.Type != "string").SelectMany(record => types.Single(type => type.Name == record.Type).GetProperties().Where(static property => property.CanWrite).Select(property => $"{record.Section}:{property.Name}")),
            .. records.Where(static record => record.Type == "string").Select(static record => record.Section),
            .. Single().Matches(source).Select(static match => match.Groups["name"].Value),
            .. OfLedger().Matches(source).Select(static match => $"Ledger:{match.Groups["name"].Value}"),
        ];
    }

    [GeneratedRegex("""GetSection\("(?<section>[\w:]+)"\)\.Get<(?<type>\w+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Record();

    [GeneratedRegex("""Configuration(\[|\.GetValue\()"(?<name>[\w:]+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Single();

    [GeneratedRegex("""section(\[|\.GetSection\()"(?<name>[\w:]+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OfLedger();
}
