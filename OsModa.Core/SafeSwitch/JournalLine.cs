using System.Globalization;
using OsModa.Core.Nix;
using OsModa.Core.Observation;

namespace OsModa.Core.SafeSwitch;

/// <summary>One line of the journal of an operation (see Journal.md). The bytes come from a server and are taken for hostile.</summary>
/// <param name="At">Time since the operation began, by the server's monotonic clock.</param>
/// <param name="Wall">The same moment by the server's clock.</param>
public abstract record JournalLine(TimeSpan At, DateTimeOffset Wall)
{
    /// <summary>Longest line that is read, in characters.</summary>
    public const int MaxLength = 4096;

    private const int MaxText = 1000;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public sealed record Begin(TimeSpan At, DateTimeOffset Wall, Guid Operation, bool OnlyNextBoot, StorePath Target, int Generation, StorePath? From, int? FromGeneration, Guid BootId)
        : JournalLine(At, Wall);

    public sealed record Stage(TimeSpan At, DateTimeOffset Wall, string Name) : JournalLine(At, Wall);

    public sealed record Ended(TimeSpan At, DateTimeOffset Wall, string Name, bool Ok, string Text) : JournalLine(At, Wall);

    public sealed record Check(TimeSpan At, DateTimeOffset Wall, string Name, CheckState State, string Text) : JournalLine(At, Wall);

    public sealed record Note(TimeSpan At, DateTimeOffset Wall, string Kind, string Text) : JournalLine(At, Wall);

    public sealed record Done(TimeSpan At, DateTimeOffset Wall, SwitchVerdict Verdict, int? ExitStatus, StorePath? Current, StorePath? Profile, int? ProfileGeneration, string Text)
        : JournalLine(At, Wall);

    /// <summary>Reads a line without its line feed. False: it is cut, of another format, or of a word that this version does not know.</summary>
    public static bool TryParse(string text, out JournalLine? line)
    {
        line = null;
        if (text.Length > MaxLength)
        {
            return false;
        }

        var fields = text.Split('\t');
        if (fields.Length < 4 || Microseconds(fields[0]) is not { } at || at > Longest.TotalMicroseconds
            || Microseconds(fields[1]) is not { } wall)
        {
            return false;
        }

        line = Read(TimeSpan.FromMicroseconds(at), DateTimeOffset.UnixEpoch.AddMicroseconds(wall), fields[2], fields.AsSpan(3));
        return line is not null;
    }

    /// <summary>Text of a server without what could disturb a page or a terminal: control characters and marks that turn the direction of writing.</summary>
    internal static string Harmless(string text)
    {
        var kept = text.Length > MaxText ? text[..MaxText] : text;
        return string.Create(kept.Length, kept, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                to[i] = IsHarmless(from, i) ? from[i] : char.IsControl(from[i]) ? ' ' : '\uFFFD';
            }
        }).Trim();
    }

    private static bool IsHarmless(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text[at]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Surrogate => char.IsHighSurrogate(text[at]) ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) : at > 0 && char.IsHighSurrogate(text[at - 1]),
        _ => true,
    };

    private static JournalLine? Read(TimeSpan at, DateTimeOffset wall, string word, ReadOnlySpan<string> fields) => word switch
    {
        "begin" => ReadBegin(at, wall, fields),
        "stage" when Word(fields[0]) => new Stage(at, wall, fields[0]),
        "ended" when fields.Length >= 3 && Word(fields[0]) && fields[1] is "ok" or "failed" => new Ended(at, wall, fields[0], fields[1] is "ok", Harmless(fields[2])),
        "check" when fields.Length >= 3 && Word(fields[0]) && CheckOf(fields[1]) is { } state => new Check(at, wall, fields[0], state, Harmless(fields[2])),
        "note" when fields.Length >= 2 && Word(fields[0]) => new Note(at, wall, fields[0], Harmless(fields[1])),
        "done" => ReadDone(at, wall, fields),
        _ => null,
    };

    private static Begin? ReadBegin(TimeSpan at, DateTimeOffset wall, ReadOnlySpan<string> f) =>
        f.Length >= 8 && f[0] == "1" && Guid.TryParseExact(f[1], "D", out var operation) && f[2] is "now" or "boot"
        && StorePath.TryParse(f[3], out var target) && Number(f[4]) is { } generation && Guid.TryParseExact(f[7], "D", out var boot)
            ? new Begin(at, wall, operation, f[2] is "boot", target, generation, PathOf(f[5]), Number(f[6]), boot)
            : null;

    private static Done? ReadDone(TimeSpan at, DateTimeOffset wall, ReadOnlySpan<string> f) =>
        f.Length >= 6 && VerdictOf(f[0]) is { } verdict ? new Done(at, wall, verdict, Number(f[1]), PathOf(f[2]), PathOf(f[3]), Number(f[4]), Harmless(f[5])) : null;

    private static SwitchVerdict? VerdictOf(string word) => word switch
    {
        "verified" => SwitchVerdict.Verified,
        "refused" => SwitchVerdict.Refused,
        "failed" => SwitchVerdict.Failed,
        "unhealthy" => SwitchVerdict.Unhealthy,
        "reboot" => SwitchVerdict.NeedsReboot,
        "person" => SwitchVerdict.NeedsPerson,
        _ => null,
    };

    private static CheckState? CheckOf(string word) => word switch
    {
        "ok" => CheckState.Ok,
        "warn" => CheckState.Warning,
        "failed" => CheckState.Failed,
        _ => null,
    };

    private static StorePath? PathOf(string text) => StorePath.TryParse(text, out var path) ? path : null;

    private static int? Number(string text) =>
        text.Length is > 0 and < 10 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // 17 digits reach to the year 5138, which keeps every sum with them within DateTimeOffset.
    private static long? Microseconds(string text) =>
        text.Length is > 0 and < 18 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool Word(string text) => text.Length is > 0 and <= 24 && text.All(static c => char.IsAsciiLetterLower(c) || c == '-');
}
