using OsModa.Core.Nix;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Live;

/// <summary>One server as the fleet shows it.</summary>
public sealed record FleetRow(ServerCard Server, ServerState State, ServerHealth Health, Generation? Current, (int Healthy, int Total) Agents)
{
    public static FleetRow Of(ServerCard server, ServerState state) =>
        new(server, state, state.Health, state.Current, state.Agents);

    /// <summary>They differ in more than figures that change all the time: worth a redraw at once, and a glow.</summary>
    public bool Differs(FleetRow other) =>
        Health != other.Health || Server != other.Server || Current?.Number != other.Current?.Number || Agents != other.Agents
        || State.Reach != other.State.Reach || State.Fault != other.State.Fault || State.LastChange != other.State.LastChange
        || State.Chain?.Status != other.State.Chain?.Status || State.Pins != other.State.Pins || (State.Switch is null) != (other.State.Switch is null);

    public bool Matches(FleetFilter filter) =>
        (filter.Health is null || Health == filter.Health)
        && (filter.Tag is null || Server.Tags.Contains(filter.Tag))
        && (filter.Text.Length == 0 || Contains(filter.Text));

    private bool Contains(string text) =>
        Server.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
        || Server.Address.Contains(text, StringComparison.OrdinalIgnoreCase)
        || (State.Pins?.Current is { } system && system.Text.Contains(text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What of the fleet is shown; it stands in the address of the page.</summary>
public sealed record FleetFilter(ServerHealth? Health, string? Tag, string Text)
{
    /// <summary>Shows everything.</summary>
    public static FleetFilter None { get; } = new(null, null, "");

    /// <summary>From the address: what is not understood filters nothing.</summary>
    public static FleetFilter Parse(string? state, string? tag, string? text) => new(
        Names.FirstOrDefault(name => name.Word == state).Health,
        string.IsNullOrWhiteSpace(tag) ? null : tag.Trim(),
        text?.Trim() ?? "");

    /// <summary>The word of a state in addresses and messages.</summary>
    public static string WordOf(ServerHealth health) => Names.First(name => name.Health == health).Word;

    /// <summary>Words of the states in addresses.</summary>
    public static IReadOnlyList<(string Word, ServerHealth? Health)> Names { get; } =
    [
        ("healthy", ServerHealth.Healthy), ("switching", ServerHealth.Switching), ("failed", ServerHealth.Failed),
        ("crash-loop", ServerHealth.CrashLoop), ("stale", ServerHealth.Stale), ("drifted", ServerHealth.Drifted), ("unknown", ServerHealth.Unknown),
    ];
}
