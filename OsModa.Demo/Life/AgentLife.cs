using System.Globalization;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Life;

/// <summary>What the agents of a server do that osModa's agentd writes down: the past two weeks at first, then something every half minute.</summary>
internal static class AgentLife
{
    private const long Second = 1_000_000;
    private const int PastEvents = 240;
    private const long BetweenThen = 84 * 60 * Second;

    private static readonly (string Type, string Actor, string Payload)[] Kinds =
    [
        ("memory.store", "agentd", """{"category":"run","detail":"{b} documents read, {d} kept","summary":"run {c} ended","tags":null}"""),
        ("system.query", "agentd", """{"args":{"unit":"scout.service"},"query":"service_status"}"""),
        ("memory.ingest", "osmoda-mcpd", """{"source":"osmoda-mcpd","content":"{\"event_type\":\"start\",\"server_name\":\"files\",\"detail\":\"pid {c}\"}","category":"mcp.server.start","tags":[],"metadata":null}"""),
        ("sandbox.exec", "agentd", """{"command":"python3 summarise.py --run {c}","exit_code":0,"sandbox_id":"sb-{b}"}"""),
        ("memory.ingest", "osmoda-teachd", """{"source":"osmoda-teachd","content":"{\"event_type\":\"pattern.detected\",\"subject\":\"queue {d}\",\"detail\":\"slower on Mondays\"}","category":"teach.pattern.detected","tags":[],"metadata":null}"""),
        ("approval.requested", "scribe", """{"approval_id":"ap-{c}","command":"mail.send --to customer-{b}","reason":"An answer to message {c}"}"""),
        ("capability.mint", "agent", """{"capability":"mail.send","expires_in":600,"subject":"scribe"}"""),
        ("backup.create", "agentd", """{"backup_id":"bk-{c}","path":"/var/lib/osmoda/backups/bk-{c}.db","size_bytes":{b}4096}"""),
    ];

    /// <param name="server">Keeps a ledger.</param>
    public static void Begin(DemoServer server)
    {
        var ledger = server.Ledger!;
        var now = server.Clock.Epoch(server.Agenda.Now);
        if (ledger.Count == 0)
        {
            var first = now - (PastEvents * BetweenThen);
            ledger.Write(Enumerable.Range(0, PastEvents).Select(number => number == 0
                ? new AgentEvent(first, "daemon.start", "agentd", """{"socket":"/run/osmoda/agentd.sock","state_dir":"/var/lib/osmoda"}""")
                : Of(server.Seed, number, first + (number * BetweenThen) + (Noise.Hash(server.Seed, number) % BetweenThen))));
        }

        Continue(server, 5 + (server.Seed % 20));
    }

    private static void Continue(DemoServer server, long seconds) => server.At(server.Agenda.Now + (seconds * Second), at =>
    {
        server.WriteLedger(Of(server.Seed, server.Ledger!.Count, server.Clock.Epoch(at)));
        Continue(server, 20 + (Noise.Hash(server.Seed, server.Ledger.Count) % 25));
    });

    private static AgentEvent Of(uint seed, long number, long at)
    {
        var hash = Noise.Hash(seed * 17, number);
        var (type, actor, payload) = Kinds[hash % Kinds.Length];
        return new AgentEvent(at, type, actor, payload.Replace("{b}", Digits(hash / 89 % 800 + 100), StringComparison.Ordinal).Replace("{c}", Digits(hash / 7 % 8000 + 1000), StringComparison.Ordinal).Replace("{d}", Digits(hash / 13 % 8 + 1), StringComparison.Ordinal));
    }

    private static string Digits(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
