using System.Globalization;

namespace OsModa.Demo.Machines;

/// <summary>What start-switch.sh was asked for; lengths in the agenda's microseconds.</summary>
/// <param name="Now">Activate, then make it the default; false: only the default at next boot.</param>
internal sealed record SwitchOrder(Guid Id, bool Now, string Target, int Generation, string Expected)
{
    /// <summary>A restart of the server brings it, and the probation comes after that.</summary>
    public bool Restart { get; init; }

    /// <summary>In µs.</summary>
    public long Probation { get; init; }

    /// <summary>In µs; 0 when nobody is asked to.</summary>
    public long Confirm { get; init; }

    /// <summary>How long the server watches on, until when it has to be confirmed, both in µs, and as which operation it would go back.</summary>
    public (long Length, long Confirm, Guid? Undo) Stand { get; init; }

    /// <summary>A standing watch began it: which operation it takes back, and what for.</summary>
    public (Guid Operation, SwitchTroubleLine Trouble)? Cause { get; init; }

    /// <summary>Reads the lines of an order (SafeSwitch/Journal.md); null when it is none that a server takes.</summary>
    public static SwitchOrder? Parse(string id, string text)
    {
        var lines = text.Split('\n').Select(line => line.Split('\t')).ToLookup(fields => fields[0], fields => fields[1..], StringComparer.Ordinal);
        if (!Guid.TryParseExact(id, "D", out var operation) || First("mode") is not ["now" or "boot" or "restart"] mode || First("target") is not [var target, var generation]
            || First("expected") is not [var expected] || !int.TryParse(generation, out var number))
        {
            return null;
        }

        return new SwitchOrder(operation, mode[0] == "now", target, number, expected)
        {
            Restart = mode[0] == "restart",
            Probation = Seconds(First("probation")?.FirstOrDefault()),
            Confirm = Seconds(First("confirm")?.FirstOrDefault()),
            Stand = First("stand") is [var length, var confirm, var undo] ? (Seconds(length), Seconds(confirm), Guid.TryParseExact(undo, "D", out var by) ? by : null) : default,
        };

        string[]? First(string word) => lines[word].FirstOrDefault();
    }

    private static long Seconds(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds * 1_000_000 : 0;
}

/// <summary>One line of evidence, as the journal has it.</summary>
/// <param name="Since">When it happened, in the agenda's microseconds.</param>
internal sealed record SwitchTroubleLine(string Kind, string Unit, long Since, string Text);
