using System.Collections.Frozen;
using System.Collections.Immutable;

namespace OsModa.Core.Ledger.Servers;

/// <summary>Which events osModa's daemons write into their chain of a call of its tools, by its bridge and its daemons. Of a tool that is not named here, an event has to name it.</summary>
internal static class ToolEvents
{
    private const string Bridge = "mcp__osmoda__";

    // Those that only read, and those whose event comes only when something came of them: an approval that was given at once, a look that found nothing new. teach_observe_action is the telling itself.
    private static readonly FrozenSet<string> NeedNone = FrozenSet.Create(
        StringComparer.Ordinal,
        "system_health", "event_log", "memory_recall", "file_read", "directory_list", "service_status", "journal_logs", "network_info",
        "agent_card", "receipt_list", "backup_list", "approval_pending", "approval_check", "approval_request",
        "wallet_list", "wallet_receipt", "safe_switch_list", "safe_switch_status", "watcher_list", "routine_list", "fleet_status", "safety_status",
        "voice_status", "mesh_identity", "mesh_peers", "mesh_health", "mesh_room_history", "mcp_servers", "app_list", "app_logs",
        "teach_status", "teach_observations", "teach_patterns", "teach_knowledge", "teach_context", "teach_skill_candidates", "teach_observe_action", "teach_skill_detect", "teach_optimize_suggest");

    // Types of agentd's own events, and categories of those that other daemons have it write.
    private static readonly FrozenDictionary<string, ImmutableArray<string>> Events = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        ["system_query"] = ["system.query"],
        ["system_discover"] = ["system.discover"],
        ["memory_store"] = ["memory.store"],
        ["incident_create"] = ["incident.create"],
        ["incident_step"] = ["incident.step"],
        ["backup_create"] = ["backup.create"],
        ["approval_approve"] = ["approval.approved"],
        ["approval_deny"] = ["approval.denied"],
        ["sandbox_exec"] = ["sandbox.exec"],
        ["capability_mint"] = ["capability.mint"],
        ["wallet_create"] = ["wallet.create"],
        ["wallet_sign"] = ["wallet.sign"],
        ["wallet_send"] = ["wallet.send"],
        ["wallet_build_tx"] = ["wallet.build_tx"],
        ["wallet_delete"] = ["wallet.delete"],
        ["fleet_propose"] = ["fleet.propose"],
        ["fleet_vote"] = ["fleet.vote"],
        ["fleet_rollback"] = ["fleet.rollback"],
        ["mesh_invite_accept"] = ["mesh.peer.connect"],
        ["mesh_peer_disconnect"] = ["mesh.peer.disconnect"],
        ["mesh_peer_send"] = ["mesh.message.sent", "mesh.dm"],
        ["mesh_room_send"] = ["mesh.room.message"],
        ["mcp_server_start"] = ["mcp.server.start", "mcp.server.start_failed"],
        ["mcp_server_stop"] = ["mcp.server.stop"],
        ["mcp_server_restart"] = ["mcp.server.restart"],
        ["teach_knowledge_create"] = ["teach.knowledge.create"],
        ["teach_optimize_apply"] = ["teach.optimize.apply"],
        ["teach_skill_generate"] = ["teach.skill.generated"],
        ["teach_skill_promote"] = ["teach.skill.promoted"],
        ["teach_skill_execution"] = ["teach.skill.executed"],
        ["voice_transcribe"] = ["voice.transcription"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Its name in osModa, without what the agent's program puts in front.</summary>
    public static string Plain(string tool) => tool.StartsWith(Bridge, StringComparison.Ordinal) ? tool[Bridge.Length..] : tool;

    /// <summary>A call of it leaves no event, or need not.</summary>
    public static bool NeedsNone(string tool) => NeedNone.Contains(Plain(tool));

    /// <summary>One of these is written when the call succeeds; empty when none is known.</summary>
    public static ImmutableArray<string> Of(string tool) => Events.GetValueOrDefault(Plain(tool), []);
}
