using System.Collections.Immutable;
using OsModa.Core.Configuration;

namespace OsModa.Demo.Life;

/// <param name="Before">How long before the start of the demo.</param>
/// <param name="Step">Index in <see cref="PastForms.Steps"/>: the commit that was rolled out.</param>
/// <param name="Person">Who began it.</param>
internal sealed record PastRollout(TimeSpan Before, int Step, string Person, string Reason, ImmutableArray<string> Servers);

/// <summary>A commit that was made before the demo began.</summary>
/// <param name="Before">How long before.</param>
/// <param name="Settings">What it sets.</param>
/// <param name="Servers">On which servers.</param>
internal sealed record PastStep(TimeSpan Before, string Person, string Title, string Reason, ImmutableArray<Setting> Settings, ImmutableArray<string> Servers);

/// <summary>What people set in the form in the past weeks, and to which servers it was brought.</summary>
internal static class PastForms
{
    /// <summary>The agent that does not stand to compress, on web2.</summary>
    public const string Courier = "courier.service";

    private static readonly ImmutableArray<string> Webs = ["web1", "web2", "web4", "web5"];

    /// <summary>Servers whose configuration is in the repository.</summary>
    public static ImmutableArray<string> Adopted { get; } = [.. Webs, "scribe-eu", "edge-fr", "ledger-us"];

    /// <summary>The setting that goes wrong.</summary>
    public static OptionPath Compressed { get; } = OptionPath.Of("systemd", "services", "courier", "environment", "COURIER_COMPRESS");

    /// <summary>Oldest first; before the first one there is what the servers were read in with.</summary>
    public static ImmutableArray<PastStep> Steps { get; } =
    [
        new(TimeSpan.FromDays(20.8), "Mara Lindqvist", "Seven servers are read in", "Their /etc/nixos, as it was. Nothing on them changes.", [], Adopted),
        new(TimeSpan.FromDays(15.1), "Jonas Okafor", "Uploads of 64 MiB on the web servers", "The archive's scans are larger than 10 MiB, and people were sent away.", [Set(new NixText("64m"), "services", "nginx", "clientMaxBodySize")], Webs),
        new(TimeSpan.FromDays(9.4), "Noor Haddad", "Old generations are cleared away each week", "ledger-us was at 91 % of its disk last Friday.", [Set(new NixBool(true), "nix", "gc", "automatic"), Set(new NixText("--delete-older-than 30d"), "nix", "gc", "options")], Adopted),
        new(TimeSpan.FromHours(22), "Jonas Okafor", "courier compresses what it delivers", "The link between the sites is full every morning.", [new(Compressed, new NixText("zstd"))], Webs),
    ];

    /// <summary>The first went through; the second stopped at web2.</summary>
    public static ImmutableArray<PastRollout> Rollouts { get; } =
    [
        new(TimeSpan.FromDays(9.2), 2, "Noor Haddad", "Disks fill up", Adopted),
        new(TimeSpan.FromHours(20.4), 3, "Jonas Okafor", "Less traffic between the sites", Webs),
    ];

    /// <summary>What the form says of a server after one of <see cref="Steps"/>.</summary>
    public static SettingsDocument Of(string server, int step) =>
        SettingsDocument.Of(Steps.Take(step + 1).Where(one => one.Servers.Contains(server)).SelectMany(static one => one.Settings));

    /// <summary>Which of <see cref="Steps"/> a server runs at the start of the demo; -1 for one that is not read in.</summary>
    public static int RunsStep(string server) => !Adopted.Contains(server) ? -1 : server == "web1" ? 3 : 2;

    /// <summary>What rollouts brought to a server for good, oldest first, and how long before the start.</summary>
    public static ImmutableArray<(TimeSpan Before, SettingsDocument Form)> BroughtTo(string server) =>
        [.. Rollouts.Where(rollout => rollout.Step <= RunsStep(server)).Select(rollout => (rollout.Before, Of(server, rollout.Step)))];

    /// <summary>The rollout by which a server came from one of its forms to another; null for none.</summary>
    public static PastRollout? RolloutOf(string server, SettingsDocument from, SettingsDocument to) =>
        from.Equals(to) ? null : Rollouts.FirstOrDefault(rollout => Of(server, rollout.Step).Equals(to));

    /// <summary>What a rollout brought to a server that went back; null for all others.</summary>
    public static (DateTimeOffset At, SettingsDocument Form, string Unit, PastRollout Of)? RefusedBy(string server, DateTimeOffset start) =>
        server == "web2" ? (start - Rollouts[1].Before + TimeSpan.FromMinutes(4), Of(server, Rollouts[1].Step), Courier, Rollouts[1]) : null;

    private static Setting Set(NixValue value, params IEnumerable<string> path) => new(OptionPath.Of(path), value);
}
