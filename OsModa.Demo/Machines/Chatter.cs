using OsModa.Demo.Systems;

namespace OsModa.Demo.Machines;

/// <summary>What services write to the journal while they work.</summary>
internal static class Chatter
{
    private static readonly Dictionary<string, (int Seconds, string[] Lines)> ByUnit = new(StringComparer.Ordinal)
    {
        ["nginx.service"] = (4, ["192.0.2.{a} - - \"GET /api/v1/status HTTP/2.0\" 200 {b}", "198.51.100.{a} - - \"GET / HTTP/2.0\" 200 {c}", "203.0.113.{a} - - \"POST /api/v1/tasks HTTP/2.0\" 202 {b}", "192.0.2.{a} - - \"GET /assets/app.css HTTP/2.0\" 304 0", "198.51.100.{a} - - \"GET /wp-login.php HTTP/1.1\" 404 153"]),
        ["postgresql.service"] = (35, ["checkpoint starting: time", "checkpoint complete: wrote {a} buffers (0.{b} %); write=26.9{a} s, sync=0.00{a} s, total=27.0 s", "automatic vacuum of table \"queue.public.tasks\": index scans: 1, pages: 0 removed, {c} remain", "duration: {b}.{a} ms  statement: SELECT * FROM tasks WHERE state = 'waiting' ORDER BY due LIMIT 50"]),
        ["sshd.service"] = (50, ["Connection closed by 203.0.113.{a} port 4{c} [preauth]", "Invalid user admin from 198.51.100.{a} port 5{c}", "Accepted publickey for root from 192.0.2.10 port 5{c} ssh2: ED25519 SHA256:Jx2v0rjYm2B1sdm0T0c6wm2", "Received disconnect from 198.51.100.{a} port 5{c}:11: Bye Bye [preauth]"]),
        ["fail2ban.service"] = (70, ["[sshd] Found 198.51.100.{a}", "[sshd] Found 203.0.113.{a}", "[sshd] Ban 198.51.100.{a}", "[sshd] Unban 198.51.100.{a}"]),
        ["haproxy.service"] = (3, ["192.0.2.{a}:4{c} tls~ agents/web{d} 0/0/1/{b}/{b} 200 {c} - - ---- 12/12/0/0/0 0/0 \"GET /v1/stream HTTP/2.0\"", "203.0.113.{a}:5{c} tls~ static/web{d} 0/0/0/{d}/{d} 304 187 - - ---- 9/9/0/0/0 0/0 \"GET /logo.svg HTTP/2.0\""]),
        ["scout.service"] = (9, ["source {a}: nothing new", "source {a}: 1 article, relevance 0.{b}, kept", "source {a}: 3 articles, none relevant", "report sent to scribe ({b} words)", "rate limit of source {a}: waiting {d} s"]),
        ["scribe.service"] = (14, ["message {c}: answered in {d}.{a} s", "message {c}: asks for a person, handed over", "queue: {d} waiting", "draft for message {c} kept for approval"]),
        ["ledgerbot.service"] = (22, ["invoice {c}: booked, {b}.{a} EUR", "invoice {c}: amount differs from the order by {d}.00 EUR, asked a person", "bank statement read: {d} entries, all matched"]),
        ["archivist.service"] = (17, ["document {c}: filed under contracts/{b}", "search \"insurance {b}\": {d} hits in {a} ms", "index: {c} documents, {d} new"]),
        ["courier.service"] = (12, ["route mail to tickets: {d} delivered", "route tickets to chat: {d} delivered", "route forms to ledger: nothing to do"]),
        ["warden.service"] = (19, ["{c} connections, {d} refused", "certificate of edge: 6{d} days left", "no alarms"]),
        ["tinker.service"] = (25, ["skill draft {d}: tests {a} of {a} passed", "skill draft {d}: set aside, slower than the old one", "reading notes of the last {d} runs"]),
        ["hydra-runner.service"] = (6, ["building /nix/store/…-nixos-system-web{d}: {a} of {b} derivations", "step {c}: succeeded in {d}.{a} s", "copying {d} paths to cache"]),
        ["nix-daemon.service"] = (90, ["accepted connection from pid {c}, user root (trusted)"]),
        ["unbound.service"] = (60, ["info: server stats for thread 0: {c} queries, {b} answers from cache, {d} recursions"]),
        ["redis-queue.service"] = (55, ["{b} changes in 60 seconds. Saving...", "Background saving started by pid {c}", "Background saving terminated with success", "DB saved on disk"]),
        ["systemd-logind.service"] = (240, ["New session {b} of user root.", "Session {b} logged out. Waiting for processes to exit.", "Removed session {b}."]),
        ["systemd-timesyncd.service"] = (1800, ["Contacted time server 162.159.200.{a}:123 (0.nixos.pool.ntp.org)."]),
        ["systemd-resolved.service"] = (700, ["Using degraded feature set UDP instead of UDP+EDNS0 for DNS server 192.0.2.53.", "Grace period over, resuming full feature set (UDP+EDNS0) for DNS server 192.0.2.53."]),
        ["systemd-journald.service"] = (3600, ["System Journal (/var/log/journal) is {b}.{d}M, max 4.0G, 3.{d}G free.", "Rotating system journal."]),
        ["prometheus-node-exporter.service"] = (900, ["level=INFO source=node_exporter.go msg=\"scrape finished\" collectors=4{d} duration=0.0{a}s"]),
        ["vector.service"] = (20, ["sink loki: {b} events sent", "source journald: {c} events read"]),
        ["atticd.service"] = (15, ["GET /main/{c}.narinfo 200", "PUT /_api/v1/upload-path 200 ({d} MiB)"]),
        ["osmoda-watch.service"] = (30, ["watcher agents: {d} checks, all pass", "watcher disk: /nix/store at {a} %"]),
        ["osmoda-mesh.service"] = (65, ["peer {a}: handshake renewed", "peer {a}: {d} messages delivered"]),
        ["osmoda-egress.service"] = (8, ["CONNECT api.models.example:443 allowed", "CONNECT git.harbour.example:443 allowed", "CONNECT paste.example:443 refused: not on the list"]),
        ["osmoda-agentd.service"] = (45, ["ledger: row {c} written", "health of {d} agents asked: all answer"]),
        ["osmoda-gateway.service"] = (11, ["session {c}: turn {d} done, {b} tokens", "session {c}: opened", "session {c}: closed after {d} turns"]),
    };

    /// <summary>How far back <paramref name="lines"/> lines of a unit reach, in microseconds.</summary>
    public static long Reach(int lines, UnitTemplate template) => ByUnit.TryGetValue(template.Name, out var talk) ? (lines + 2L) * talk.Seconds * 1_000_000 : 0;

    /// <summary>Lines of a unit after <paramref name="from"/> up to <paramref name="until"/>; the same for the same seed.</summary>
    public static IEnumerable<JournalEntry> Between(uint seed, UnitTemplate template, long from, long until)
    {
        if (!ByUnit.TryGetValue(template.Name, out var talk))
        {
            yield break;
        }

        var (seconds, lines) = talk;
        var step = seconds * 1_000_000L;
        var own = unchecked(seed * 31 + (uint)StableText.Hash(template.Name));
        for (var count = from / step - 1; count <= until / step; count++)
        {
            var hash = Noise.Hash(own, count);
            var at = count * step + hash % step;
            if (at > from && at <= until)
            {
                yield return new JournalEntry(at, template.Name, 6, template.Name.Split('.', '@')[0], 700 + (int)(own % 3000), Fill(lines[hash / 7 % lines.Length], hash), "");
            }
        }
    }

    private static string Fill(string line, uint hash) => line
        .Replace("{a}", (hash % 89 + 10).ToString(), StringComparison.Ordinal)
        .Replace("{b}", (hash / 89 % 800 + 100).ToString(), StringComparison.Ordinal)
        .Replace("{c}", (hash / 7 % 8000 + 1000).ToString(), StringComparison.Ordinal)
        .Replace("{d}", (hash / 13 % 8 + 1).ToString(), StringComparison.Ordinal);
}
