using System.Globalization;
using OsModa.Core.Ledger.Reading;
using OsModa.Core.Ledger.Servers;
using OsModa.Core.Servers;

namespace OsModa.Dashboard.Pages.Audit;

/// <summary>Which entries a page shows, as its address says it.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Text">Anywhere in an entry.</param>
public sealed record LedgerShow(string Kind, string Text)
{
    public const string Everything = "everything";

    private const string DayFormat = "yyyy-MM-dd";
    private const int LongestText = 200;
    private static readonly DateOnly FirstDay = new(2000, 1, 1);

    public static IReadOnlyList<string> Kinds { get; } = [Everything, "rollbacks", "deployments", "drills", "people", "sign-ins", "support", "by you", "from outside", "by servers"];

    /// <summary>Which epoch of the log; null: the newest.</summary>
    public uint? Epoch { get; init; }

    /// <summary>Within the name of the one who did it.</summary>
    public string Who { get; init; } = "";

    /// <summary>The first day, UTC; null: from the beginning.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day, UTC; null: until now.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Only about this one.</summary>
    public Guid? Server { get; init; }

    /// <summary>What could not be understood; null when all was.</summary>
    public Misunderstood? Wrong { get; init; }

    public bool IsEverything => this == new LedgerShow(Everything, "") { Epoch = Epoch, Wrong = Wrong };

    /// <summary>More is asked for than kind and text.</summary>
    public bool IsNarrowed => Who.Length > 0 || From is not null || To is not null || Server is not null;

    /// <summary>Words that are none of ours mean everything.</summary>
    public static LedgerShow Of(string? kind, string? text) =>
        new(Kinds.FirstOrDefault(known => known == kind) ?? Everything, Short(text));

    /// <summary>The rest of the address; what cannot be understood of it does not count, and is said.</summary>
    public LedgerShow With(string? epoch, string? who, string? from, string? to, string? server)
    {
        var (number, first, last, id) = (Number(epoch), Day(from), Day(to), Guid.TryParseExact(server, "D", out var known) ? known : (Guid?)null);
        var (isLate, isPast) = (last < first, first is { } day && day < FirstDay);
        return this with
        {
            Epoch = number,
            Who = Short(who),
            From = isPast ? null : first,
            To = isLate ? null : last,
            Server = id,
            Wrong = Missed(epoch, number, "is no number of an epoch", "Epochs have whole numbers from 1.")
                ?? Missed(from, isPast ? null : first, "is no day", "Days are written as in 2026-03-05.")
                ?? Missed(to, last, "is no day", "Days are written as in 2026-03-05.")
                ?? Missed(to, isLate ? null : last, "is before the first day", "The last day is the first one or later.")
                ?? Missed(server, id, "is no server", "Choose one from the list."),
        };
    }

    public LedgerFilter Filter(string you, ServerId? server) => new()
    {
        Epoch = Epoch,
        Source = server?.Value ?? Server,
        Text = Text,
        Actor = Kind == "by you" ? you : "",
        ActorHas = Who,
        From = From is { } first ? Midnight(first) : null,
        Until = To is { } last && last < DateOnly.MaxValue ? Midnight(last.AddDays(1)) : null,
        Type = Kind switch
        {
            "rollbacks" => "server.roll-back",
            "deployments" => "server.deploy",
            "drills" => "server.drill",
            "people" => "member.",
            "sign-ins" => "person.",
            "support" => "support.",
            "from outside" => "server.switched-elsewhere",
            "by servers" => HostVerbs.Prefix,
            _ => "",
        },
    };

    /// <summary>The address that shows this.</summary>
    /// <param name="page">Without what it shows.</param>
    /// <param name="entry">One in full.</param>
    /// <param name="before">Only those with a smaller number.</param>
    public string Link(string page, long? entry = null, long? before = null)
    {
        (string Name, string? Value)[] parts =
        [
            ("epoch", Epoch?.ToString(CultureInfo.InvariantCulture)),
            ("show", Kind == Everything ? null : Kind),
            ("q", Text),
            ("who", Who),
            ("from", Written(From)),
            ("to", Written(To)),
            ("server", Server?.ToString("D")),
            ("before", before?.ToString(CultureInfo.InvariantCulture)),
            ("entry", entry?.ToString(CultureInfo.InvariantCulture)),
        ];
        var said = parts.Where(static part => !string.IsNullOrEmpty(part.Value)).Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}").ToList();
        return said.Count == 0 ? page : $"{page}?{string.Join('&', said)}";
    }

    /// <summary>A day as the address has it.</summary>
    public static string? Written(DateOnly? day) => day?.ToString(DayFormat, CultureInfo.InvariantCulture);

    public static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static uint? Number(string? text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static string Short(string? text) => text?.Trim() is { Length: <= LongestText } wanted ? wanted : "";

    private static Misunderstood? Missed(string? text, object? understood, string what, string how) =>
        string.IsNullOrEmpty(text) || understood is not null ? null : new Misunderstood(text.Length > 40 ? text[..40] + "…" : text, what, how);

    /// <param name="Text">What stands there.</param>
    /// <param name="What">What it is not: <c>is no day</c>.</param>
    /// <param name="How">How it is written.</param>
    public sealed record Misunderstood(string Text, string What, string How)
    {
        public string InField => $"“{Text}” {What}. {How}";

        public string InAddress => $"“{Text}” in the address {What}. {How}";
    }
}
