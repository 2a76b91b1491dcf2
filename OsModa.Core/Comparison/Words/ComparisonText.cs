using System.Text;
using OsModa.Core.Comparison.Packages;

namespace OsModa.Core.Comparison;

/// <summary>A comparison as Markdown, for a ticket or a mail.</summary>
public static class ComparisonText
{
    /// <param name="server">Its name.</param>
    /// <param name="from">What people call the first system: a generation's number.</param>
    /// <param name="to">The same of the second.</param>
    /// <param name="difference">All of it.</param>
    /// <param name="forecast">What a switch does.</param>
    /// <param name="time">How long it is likely to take.</param>
    public static string Markdown(string server, string from, string to, SystemDifference difference, Forecast forecast, SwitchTime? time = null)
    {
        var text = new StringBuilder();
        text.AppendLine($"## {Plain(server)}: {Plain(from)} → {Plain(to)}").AppendLine();
        text.AppendLine(Plain(string.Join(' ', Verdict.Say(difference, forecast, time)))).AppendLine();
        if (forecast.IsChecked && forecast.Disagreements.IsEmpty)
        {
            text.AppendLine("A dry run on the server says the same of its units.").AppendLine();
        }

        text.AppendLine($"`{difference.From}`  ").AppendLine($"`{difference.To}`").AppendLine();
        Section(text, "Security", forecast.Security.Select(change => $"**{Plain(change.Subject)}** {Plain(change.What)}"));
        if (difference.Boot.OnlyByReboot)
        {
            Section(text, "Units that are others after the reboot", forecast.Units.Select(change => $"`{change.Unit}`"));
        }
        else
        {
            Section(text, "Units", forecast.Fates.Select(one => $"`{one.Key}` {Word(one.Value)}"));
        }

        Section(text, "Where a dry run on the server says otherwise, and is right", forecast.Disagreements.Select(other => $"`{other.Unit}` {Word(other.ByServer)}; by the rules it {Word(other.ByRules)}"));
        Section(text, "Packages", difference.Packages.Changes.Where(change => change.Kind is not (PackageChangeKind.Rebuilt or PackageChangeKind.Outputs or PackageChangeKind.Configuration)).Select(Package));
        Section(text, "Files in /etc", difference.Files.Select(file => $"{Code($"/etc/{file.Path}")} {Word(file.Kind)}"));
        Section(text, "Will not come back", forecast.Lasting.Select(state => Plain(state.What)));
        return text.ToString().TrimEnd() + "\n";
    }

    // Names and comments are as somebody on the server wrote them: in a ticket they must not become links or pictures.
    private static string Plain(string text) => string.Concat(text.Select(c => c is '\\' or '`' or '*' or '[' or ']' or '<' ? $"\\{c}" : c.ToString()));

    private static string Code(string text) => text.Contains('`', StringComparison.Ordinal) ? Plain(text) : $"`{text}`";

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count > 0)
        {
            text.AppendLine($"### {title}").AppendLine();
            all.ForEach(line => text.AppendLine($"- {line}"));
            text.AppendLine();
        }
    }

    private static string Package(PackageChange change) => change.Versions.All(version => version.From == version.To)
        ? $"**{change.Subject}**"
        : $"**{change.Subject}** {string.Join(", ", change.Versions.Where(version => version.From != version.To).Select(version => (version.From, version.To) switch
        {
            (null, { } added) => $"{added} added",
            ({ } removed, null) => $"{removed} removed",
            var (old, @new) => $"{old} → {@new}",
        }))}";

    private static string Word(UnitFate fate) => fate switch
    {
        UnitFate.StopAndStart => "stops and starts",
        UnitFate.KeptRunning => "runs on as it was",
        UnitFate.Restart => "restarts",
        UnitFate.Reload => "reloads",
        UnitFate.Start => "starts",
        UnitFate.StopUntilAsked => "stops until its socket gets a connection",
        UnitFate.Stop => "stops",
        _ => "is not touched",
    };

    private static string Word(FileChangeKind kind) => kind switch
    {
        FileChangeKind.Added => "is new",
        FileChangeKind.Removed => "is removed",
        FileChangeKind.Rebuilt => "names rebuilt programs",
        FileChangeKind.Rights => "has other rights",
        _ => "is changed",
    };
}
