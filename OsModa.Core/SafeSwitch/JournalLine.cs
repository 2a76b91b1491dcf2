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

    public sealed record Begin(TimeSpan At, DateTimeOffset Wall, Guid Operation, SwitchMode Mode, StorePath Target, int Generation, StorePath? From, int? FromGeneration, Guid BootId, TimeSpan Probation, TimeSpan Confirm)
        : JournalLine(At, Wall);

    public sealed record Stage(TimeSpan At, DateTimeOffset Wall, string Name) : JournalLine(At, Wall);

    public sealed record Ended(TimeSpan At, DateTimeOffset Wall, string Name, bool Ok, string Text) : JournalLine(At, Wall);

    public sealed record Check(TimeSpan At, DateTimeOffset Wall, string Name, CheckState State, string Text) : JournalLine(At, Wall);

    public sealed record Note(TimeSpan At, DateTimeOffset Wall, string Kind, string Text) : JournalLine(At, Wall);

    public sealed record Trouble(TimeSpan At, DateTimeOffset Wall, string Kind, string Unit, TimeSpan Since, string Text) : JournalLine(At, Wall);

    public sealed record Decided(TimeSpan At, DateTimeOffset Wall, bool Good, string Unit, string Text) : JournalLine(At, Wall);

    public sealed record Confirmed(TimeSpan At, DateTimeOffset Wall) : JournalLine(At, Wall);

    /// <summary>The server restarts itself now.</summary>
    public sealed record Restart(TimeSpan At, DateTimeOffset Wall) : JournalLine(At, Wall);

    /// <summary>It went on in another boot, after its own restart.</summary>
    public sealed record Boot(TimeSpan At, DateTimeOffset Wall, Guid BootId) : JournalLine(At, Wall);

    /// <summary>A standing watch began it, to undo another operation.</summary>
    public sealed record Cause(TimeSpan At, DateTimeOffset Wall, Guid Undoes) : JournalLine(At, Wall);

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
        if (fields.Length < 3 || Microseconds(fields[0]) is not { } at || at > Longest.TotalMicroseconds
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
        "stage" when fields.Length >= 1 && Word(fields[0]) => new Stage(at, wall, fields[0]),
        "ended" when fields.Length >= 3 && Word(fields[0]) && fields[1] is "ok" or "failed" => new Ended(at, wall, fields[0], fields[1] is "ok", Harmless(fields[2])),
        "check" when fields.Length >= 3 && Word(fields[0]) && CheckOf(fields[1]) is { } state => new Check(at, wall, fields[0], state, Harmless(fields[2])),
        "note" when fields.Length >= 2 && Word(fields[0]) => new Note(at, wall, fields[0], Harmless(fields[1])),
        "trouble" when fields.Length >= 4 && Word(fields[0]) && SinceOf(fields[2]) is { } since => new Trouble(at, wall, fields[0], Named(fields[1]), since, Harmless(fields[3])),
        "verdict" when fields.Length >= 3 && fields[0] is "good" or "bad" => new Decided(at, wall, fields[0] is "good", Named(fields[1]), Harmless(fields[2])),
        "confirmed" => new Confirmed(at, wall),
        "restart" => new Restart(at, wall),
        "boot" when fields.Length >= 1 && Guid.TryParseExact(fields[0], "D", out var boot) => new Boot(at, wall, boot),
        "cause" when fields.Length >= 2 && fields[0] is "standing" && Guid.TryParseExact(fields[1], "D", out var undone) => new Cause(at, wall, undone),
        "done" => ReadDone(at, wall, fields),
        _ => null,
    };

    private static Begin? ReadBegin(TimeSpan at, DateTimeOffset wall, ReadOnlySpan<string> f) =>
        f.Length >= 8 && (f[0] == "1" || (f[0] == "2" && f.Length >= 10)) && Guid.TryParseExact(f[1], "D", out var operation) && ModeOf(f[2]) is { } mode
        && StorePath.TryParse(f[3], out var target) && Number(f[4]) is { } generation && Guid.TryParseExact(f[7], "D", out var boot)
            ? new Begin(at, wall, operation, mode, target, generation, PathOf(f[5]), Number(f[6]), boot, f[0] == "1" ? TimeSpan.Zero : SecondsOf(f[8]), f[0] == "1" ? TimeSpan.Zero : SecondsOf(f[9]))
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
        "rolled-back" => SwitchVerdict.RolledBack,
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

    private static SwitchMode? ModeOf(string word) => word switch
    {
        "now" => SwitchMode.Now,
        "boot" => SwitchMode.Boot,
        "restart" => SwitchMode.Restart,
        _ => null,
    };

    private static TimeSpan SecondsOf(string text) => TimeSpan.FromSeconds(Math.Min(Number(text) ?? 0, (int)Longest.TotalSeconds));

    private static TimeSpan? SinceOf(string text) => Microseconds(text) is { } since && since <= Longest.TotalMicroseconds ? TimeSpan.FromMicroseconds(since) : null;

    private static string Named(string text) => text is "-" ? "" : Harmless(text);

    private static StorePath? PathOf(string text) => StorePath.TryParse(text, out var path) ? path : null;

    private static int? Number(string text) =>
        text.Length is > 0 and < 10 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // 17 digits reach to the year 5138, which keeps every sum with them within DateTimeOffset.
    private static long? Microseconds(string text) =>
        text.Length is > 0 and < 18 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool Word(string text) => text.Length is > 0 and <= 24 && text.All(static c => char.IsAsciiLetterLower(c) || c == '-');
}
