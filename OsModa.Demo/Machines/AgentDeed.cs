using System.Collections.Immutable;
using System.Globalization;

namespace OsModa.Demo.Machines;

/// <summary>What an agent, a daemon of osModa or a person did, as agentd writes it into its chain.</summary>
/// <param name="Type">Kind of the event.</param>
/// <param name="Actor">Who.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Tool">The tool that an agent called for it; empty when none did.</param>
internal sealed record AgentDeed(string Type, string Actor, string Payload, string Tool = "")
{
    public const string Switch = "nixos.switch";

    private static readonly ImmutableArray<AgentDeed> Usual =
    [
        new("system.query", "{agent}", """{"query":"processes","args":{"sort":"memory","limit":{d}}}""", "system_query"),
        new("system.query", "{agent}", """{"query":"disk","args":{"path":"/nix/store"}}""", "system_query"),
        new("system.query", "{agent}", """{"query":"units","args":{"state":"failed"}}""", "system_query"),
        new("system.discover", "{agent}", """{"found":["nginx","postgresql","redis"],"listeners":{d}}""", "system_discover"),
        new("memory.store", "{agent}", """{"summary":"source {a} answers slowly before noon; ask it after {d} pm","tags":["source","pace"]}""", "memory_store"),
        new("memory.store", "{agent}", """{"summary":"customer {b} wants short answers, in German","tags":["customer"]}""", "memory_store"),
        new("memory.store", "{agent}", """{"summary":"invoice {c} belongs to order {b}","tags":["invoice"]}""", "memory_store"),
        new("memory.ingest", "{agent}", """{"category":"file.write","content":"{\"path\":\"/var/lib/agents/{agent}/report-{c}.md\",\"bytes\":{c}}"}""", "file_write"),
        new("memory.ingest", "{agent}", """{"category":"file.write","content":"{\"path\":\"/var/lib/agents/{agent}/queue/{b}.json\",\"bytes\":{b}}"}""", "file_write"),
        new("sandbox.exec", "{agent}", """{"command":["python3","summarise.py","--batch","{d}"],"exit":0,"ms":{c}}""", "sandbox_exec"),
        new("sandbox.exec", "{agent}", """{"command":["pandoc","report-{c}.md"],"exit":0,"ms":{b}}""", "sandbox_exec"),
        new("capability.mint", "agentd", """{"agent":"{agent}","capability":"net:api.models.example:443","ttl_s":900}""", "capability_mint"),
        new("mesh.message.sent", "{agent}", """{"peer":"peer-{a}","bytes":{b}}""", "mesh_peer_send"),
        new("approval.requested", "{agent}", """{"request":"apr-{c}","what":"send {b} messages to customers"}"""),
        new("approval.approved", "jonas.okafor", """{"request":"apr-{c}","note":"fine, as last week"}"""),
        new("approval.denied", "mara.lindqvist", """{"request":"apr-{c}","note":"not before the numbers were checked"}"""),
        new("incident.create", "osmoda-watch", """{"incident":"inc-{b}","summary":"{agent} answers in {d} s instead of 0.2 s"}"""),
        new("incident.step", "osmoda-watch", """{"incident":"inc-{b}","step":"asked {agent} for its queue: {a} waiting"}"""),
        new("backup.create", "osmoda-routines", """{"backup":"bak-{c}","bytes":{c}{b}}"""),
    ];

    /// <summary>The first event of a chain.</summary>
    public static AgentDeed Begun { get; } = new("system.boot", "agentd", "{}");

    /// <summary>One of what happens day by day.</summary>
    public static AgentDeed Next(Random random, ImmutableArray<string> agents)
    {
        var (deed, agent, number) = (Usual[random.Next(Usual.Length)], agents[random.Next(agents.Length)], random.Next());
        return deed with { Actor = Fill(deed.Actor, agent, number), Payload = Fill(deed.Payload, agent, number) };
    }

    /// <summary>Another system runs.</summary>
    /// <param name="by">Who wanted it.</param>
    /// <param name="system">Path of the system.</param>
    /// <param name="mode">Of switch-to-configuration.</param>
    public static AgentDeed Switched(string by, string system, string mode = "switch") => new(Switch, "osmoda-watch", $$"""{"by":"{{by}}","mode":"{{mode}}","system":"{{system}}"}""");

    private static string Fill(string text, string agent, int number) => text
        .Replace("{agent}", agent, StringComparison.Ordinal)
        .Replace("{a}", Digits((number % 89) + 10), StringComparison.Ordinal)
        .Replace("{b}", Digits((number / 89 % 800) + 100), StringComparison.Ordinal)
        .Replace("{c}", Digits((number / 7 % 8_000) + 1_000), StringComparison.Ordinal)
        .Replace("{d}", Digits((number / 13 % 8) + 2), StringComparison.Ordinal);

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
}
