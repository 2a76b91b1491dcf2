using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OsModa.Core.Nix;
using OsModa.Core.Observation;
using OsModa.Core.Ssh;

namespace OsModa.Core.SafeSwitch;

/// <param name="Name">Word of the check: <c>valid</c>, <c>generation</c>, <c>disk</c>, <c>lock</c>, <c>init</c>, <c>inhibitors</c>, <c>dry-run</c>, <c>clock</c>…</param>
/// <param name="State">How it ended.</param>
/// <param name="Why">One sentence or figure; may be empty.</param>
public sealed record PreviewCheck(string Name, CheckState State, string Why);

/// <summary>What a switch to a system would do, asked of the server without doing it.</summary>
public sealed record SwitchPreview
{
    private const int MaxLines = 500;
    private static readonly TimeSpan WorryingSkew = TimeSpan.FromSeconds(5);

    public ImmutableArray<PreviewCheck> Checks { get; init; } = [];

    /// <summary>Null when the dry run did not succeed.</summary>
    public UnitEffects? Units { get; init; }

    /// <summary>Kernel, initrd, modules or the major version of systemd are not those that were booted: they come with the next restart only.</summary>
    public bool RebootNeeded { get; init; }

    /// <summary>What comes with that restart, as far as the server tells.</summary>
    public BootParts Waiting { get; init; }

    /// <summary>The system cannot be switched to while the server runs: next boot, then restart.</summary>
    public bool OnlyByReboot { get; init; }

    /// <summary>Units that were to be watched, and that the system does not have.</summary>
    public ImmutableArray<UnitName> Missing { get; init; } = [];

    /// <summary>Other lines of the dry run, such as files in /etc; text of the server.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    /// <exception cref="ConnectionException">It does not answer, or not sensibly.</exception>
    public static async Task<SwitchPreview> ReadAsync(IRemoteShell shell, StorePath target, int generation, ImmutableArray<UnitName> watched, TimeProvider time, CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        var lines = new List<string>();
        await using var run = await shell.StartAsync(SwitchScripts.Preview, [target.Text, generation.ToString(), string.Join(' ', watched)], cancellationToken);
        await foreach (var line in run.ReadLinesAsync(cancellationToken))
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
            if (lines[^1].StartsWith("end\t", StringComparison.Ordinal) || lines.Count == MaxLines)
            {
                break;
            }
        }

        return Parse(lines, asked, time.GetUtcNow())
            ?? throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server did not say what the switch would do."));
    }

    /// <summary>Null without the last line. The server read its clock at some time between the two given.</summary>
    internal static SwitchPreview? Parse(IReadOnlyList<string> lines, DateTimeOffset asked, DateTimeOffset answered)
    {
        var preview = new SwitchPreview();
        var units = new UnitEffects();
        foreach (var line in lines)
        {
            var f = line.Split('\t', 4);
            switch (f[0])
            {
                case "check" when f.Length == 4 && StateOf(f[2]) is { } state:
                    preview = preview.Add(f[1] is { Length: <= 24 } name && name.All(c => char.IsAsciiLetterLower(c) || c == '-') ? name : "other", state, JournalLine.Harmless(f[3]));
                    preview = preview with { OnlyByReboot = preview.OnlyByReboot || f[1] == "init" && state == CheckState.Failed };
                    break;
                case "inhibitors" when f.Length == 3:
                    preview = preview.AddInhibitors(f[1], f[2]);
                    break;
                case "missing" when f.Length == 2:
                    preview = preview with { Missing = [.. Names(f[1])] };
                    break;
                case "reboot":
                    preview = preview with { RebootNeeded = true, Waiting = preview.Waiting | BootPartWords.Parse(line["reboot".Length..].Trim()) };
                    break;
                case "clock" when f.Length == 2 && f[1].Length < 18 && long.TryParse(f[1], NumberStyles.None, CultureInfo.InvariantCulture, out var wall):
                    preview = preview.AddClock(DateTimeOffset.UnixEpoch.AddMicroseconds(wall), asked, answered);
                    break;
                case "would" when f.Length >= 2:
                    (preview, units) = (preview.AddRemark(line["would\t".Length..]), units.With(line["would\t".Length..]));
                    break;
                case "end" when f.Length == 2:
                    return preview.Finish(f[1], units);
            }
        }

        return null;
    }

    private static IEnumerable<UnitName> Names(string list)
    {
        foreach (var name in list.Split(", "))
        {
            if (UnitName.TryParse(name, out var unit))
            {
                yield return unit;
            }
        }
    }

    private SwitchPreview Add(string name, CheckState state, string why) => this with { Checks = Checks.Add(new PreviewCheck(name, state, why)) };

    private SwitchPreview AddRemark(string line) => Remarks.Length < 50 && !line.Contains("the following", StringComparison.Ordinal) && JournalLine.Harmless(line) is { Length: > 0 } text
        ? this with { Remarks = Remarks.Add(text) }
        : this;

    private SwitchPreview AddClock(DateTimeOffset wall, DateTimeOffset asked, DateTimeOffset answered)
    {
        var skew = wall < asked ? asked - wall : wall > answered ? wall - answered : TimeSpan.Zero;
        return skew > WorryingSkew
            ? Add("clock", CheckState.Warning, string.Create(CultureInfo.InvariantCulture, $"Its clock is {skew.TotalSeconds:0} s {(wall < asked ? "behind" : "ahead")}."))
            : Add("clock", CheckState.Ok, "");
    }

    // nixpkgs: a key that both systems have with different values must not change while the server runs.
    private SwitchPreview AddInhibitors(string old, string @new)
    {
        try
        {
            using var before = JsonDocument.Parse(old, new JsonDocumentOptions { MaxDepth = 8 });
            using var after = JsonDocument.Parse(@new, new JsonDocumentOptions { MaxDepth = 8 });
            var changed = before.RootElement.EnumerateObject()
                .Where(p => after.RootElement.TryGetProperty(p.Name, out var value) && value.GetRawText() != p.Value.GetRawText()).Select(p => JournalLine.Harmless(p.Name)).ToList();
            return changed.Count == 0
                ? Add("inhibitors", CheckState.Ok, "")
                : Add("inhibitors", CheckState.Failed, $"{string.Join(", ", changed)} must not change while the server runs: it can only come by a restart.") with { OnlyByReboot = true };
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return Add("inhibitors", CheckState.Warning, "What must not change while the server runs could not be read.");
        }
    }

    private SwitchPreview Finish(string status, UnitEffects units) => status switch
    {
        "0" => this with { Units = units },
        "-" => this,
        _ when OnlyByReboot => this,
        _ when Checks.Any(c => c is { Name: "lock", State: CheckState.Failed }) => this,
        _ => Add("dry-run", CheckState.Warning, $"The dry run did not succeed: {(Remarks.IsEmpty ? $"exit status {JournalLine.Harmless(status)}" : Remarks[^1])}"),
    };

    private static CheckState? StateOf(string word) => word switch
    {
        "ok" => CheckState.Ok,
        "warn" => CheckState.Warning,
        "failed" => CheckState.Failed,
        _ => null,
    };
}
