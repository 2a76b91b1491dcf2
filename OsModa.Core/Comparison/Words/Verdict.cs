using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>What a switch means, in sentences for people who do not know NixOS. Each is true by itself.</summary>
public static class Verdict
{
    private const int NamesMost = 4;

    private const string OnlyByReboot = "It cannot be activated while the server runs: it comes with a reboot.";

    // A version that is a date or a hash makes no sentence easier to read.
    private const int LongestVersion = 12;

    /// <summary>Sentences, the most important first; never empty.</summary>
    /// <param name="difference">All of it, texts included.</param>
    /// <param name="forecast">What a switch would do.</param>
    /// <param name="time">How long it is likely to take; null when that is not known.</param>
    public static ImmutableArray<string> Say(SystemDifference difference, Forecast forecast, SwitchTime? time = null)
    {
        var said = ImmutableArray.CreateBuilder<string>();
        if (difference.Boot.OnlyByReboot)
        {
            // Such a switch is refused, so that no unit is treated by it.
            said.Add(OnlyByReboot);
            AddLooser(said, forecast);
            return said.ToImmutable();
        }

        var restarted = Services(forecast, UnitFate.StopAndStart, UnitFate.Restart, UnitFate.StopUntilAsked);
        if (restarted.Count > 0)
        {
            var seconds = time is null ? "" : $"; {(time.Alike ? "such switches" : "switches")} take about {Math.Max(1, (int)Math.Round(time.Took.TotalSeconds))}\u00A0s here";
            said.Add($"{Names(forecast, restarted)} {(restarted.Count == 1 ? "restarts" : "restart")}{seconds}.");
        }

        Add(said, forecast, Services(forecast, UnitFate.Stop), "stops", "stop", " for good");
        Add(said, forecast, Services(forecast, UnitFate.Start), "starts", "start", "");
        Add(said, forecast, Services(forecast, UnitFate.Reload), "reloads", "reload", " without a break");
        if (said.Count == 0)
        {
            said.Add("No service is touched.");
        }

        said.Add(Reach(forecast));
        AddLooser(said, forecast);
        said.Add(Boot(difference.Boot, forecast));
        return said.ToImmutable();
    }

    private static void AddLooser(ImmutableArray<string>.Builder said, Forecast forecast)
    {
        if (forecast.Security.Count(change => change.Move == SecurityMove.Looser) is > 0 and var looser)
        {
            said.Add(looser == 1 ? "One change lets more in than before." : $"{looser} changes let more in than before.");
        }
    }

    private static string Reach(Forecast forecast) =>
        WayIn.Touched(forecast) is { } how ? $"The way to the server itself is touched: {how}."
        : WayIn.HasOtherRules(forecast) ? "No unit of SSH or network is touched, but what they let in changes."
        : "SSH and network are not touched.";

    // What runs until a reboot is what was booted, which may be neither of the two.
    private static string Boot(BootChange boot, Forecast forecast) => (boot, forecast.Booted) switch
    {
        ({ Kernel: { } kernel }, BootedSystem.To) when kernel.Old != kernel.New => $"No reboot: kernel {kernel.New} still runs.",
        ({ NeedsReboot: true }, BootedSystem.To) => "No reboot: the server was started with it.",
        (_, BootedSystem.To) => "No reboot.",
        ({ Known: false, NeedsReboot: false }, _) => "Whether a reboot is needed could not be read.",
        ({ Kernel: { } kernel }, BootedSystem.From) when kernel.Old != kernel.New => $"Kernel {kernel.New} comes with a reboot; until then {kernel.Old} runs.",
        ({ Kernel: { } kernel }, _) when kernel.Old != kernel.New => $"Kernel {kernel.New} comes with a reboot, unless it runs already.",
        ({ NeedsReboot: true }, _) => "Parts of it come with a reboot.",
        _ when forecast.Waiting is { } waiting => $"No reboot for this; another {BootPartWords.Names(waiting)} {(BootPartWords.AreTwo(waiting) ? "wait" : "waits")} for a restart all the same.",
        _ => "No reboot.",
    };

    private static void Add(ImmutableArray<string>.Builder said, Forecast forecast, List<UnitName> units, string one, string many, string end)
    {
        if (units.Count > 0)
        {
            said.Add($"{Names(forecast, units)} {(units.Count == 1 ? one : many)}{end}.");
        }
    }

    // What people know by name: services, agents first.
    private static List<UnitName> Services(Forecast forecast, params UnitFate[] fates) =>
        [.. forecast.With(fates).Where(unit => unit.Text.EndsWith(".service", StringComparison.Ordinal)).OrderBy(unit => forecast.AgentOf(unit) is null)];

    private static string Names(Forecast forecast, List<UnitName> units)
    {
        var names = units.Take(units.Count > NamesMost ? NamesMost - 1 : NamesMost).Select(unit => (forecast.AgentOf(unit) is { } agent ? $"the agent {agent}" : unit.Short) + Versions(forecast, unit)).ToList();
        var text = units.Count > NamesMost ? $"{string.Join(", ", names)} and {units.Count - names.Count} more"
            : names.Count > 1 ? $"{string.Join(", ", names[..^1])} and {names[^1]}"
            : names[0];
        return char.ToUpperInvariant(text[0]) == text[0] || !text.StartsWith("the ", StringComparison.Ordinal) ? text : "T" + text[1..];
    }

    private static string Versions(Forecast forecast, UnitName unit) =>
        forecast.ChangeOf(unit) is { } change && (UnitProgram.Of(change.Old), UnitProgram.Of(change.New)) is ({ Version: { Length: <= LongestVersion } old }, { Version: { Length: <= LongestVersion } now }) && old != now
            ? $" {old} → {now}"
            : "";
}
