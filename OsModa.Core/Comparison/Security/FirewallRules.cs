using System.Text.RegularExpressions;

namespace OsModa.Core.Comparison;

/// <summary>What the firewall of one side lets in, as far as the scripts of NixOS's firewall tell it (nixpkgs, firewall-iptables.nix and firewall-nftables.nix).</summary>
internal sealed partial class FirewallRules
{
    private static readonly string[] Units = [UnitFiles.Folder + "firewall.service", UnitFiles.Folder + "nftables.service"];

    // Not for what comes in to the server itself.
    private static readonly string[] OtherChains = ["output", "forward", "postrouting", "rpfilter"];

    private readonly SortedSet<string> _named = new(StringComparer.Ordinal);
    private bool _missing;

    private FirewallRules()
    {
    }

    /// <summary>There are rules, read or not.</summary>
    public bool IsThere { get; private set; }

    /// <summary>All rules could be read.</summary>
    public bool IsRead => IsThere && !_missing;

    /// <summary>The unit of a firewall is of this side alone, or another than on the other side.</summary>
    public bool HasUnit { get; private set; }

    /// <summary>Such as <c>22/tcp</c>, <c>9100/tcp on wg0</c>.</summary>
    public HashSet<string> Open { get; } = new(StringComparer.Ordinal);

    /// <summary>Interfaces on which everything is let in.</summary>
    public HashSet<string> Trusted { get; } = new(StringComparer.Ordinal);

    public static FirewallRules Of(SystemFiles side)
    {
        var rules = new FirewallRules();
        foreach (var (path, file) in side.Texts.Where(one => IsScript(one.Key)))
        {
            rules.Take(path, file.Text);
        }

        foreach (var unit in Units.Where(unit => side.Entries.TryGetValue(unit, out var entry) && !entry.IsMask))
        {
            rules.HasUnit = true;
            rules.TakeUnit(Script().Matches(side.TextOf(unit) ?? "").Select(script => script.Value).ToList(), side);
        }

        return rules;
    }

    /// <summary>The same scripts of the store, which never change.</summary>
    public bool HasScriptsOf(FirewallRules other) => _named.SetEquals(other._named);

    private static bool IsScript(string path) => path.StartsWith('/') && (path.Contains("-firewall-start", StringComparison.Ordinal) || path.Contains("nftables", StringComparison.Ordinal));

    // A unit that names none of NixOS's scripts is a firewall of somebody's own.
    private void TakeUnit(List<string> scripts, SystemFiles side)
    {
        if (scripts.Count == 0)
        {
            MissRules();
        }

        foreach (var script in scripts.Where(script => !side.Texts.ContainsKey(script)))
        {
            Take(script, null);
        }
    }

    private void MissRules() => (IsThere, _missing) = (true, true);

    private void Take(string path, string? text)
    {
        _named.Add(path);
        if (text is null)
        {
            MissRules();
        }
        else if (path.Contains("nftables", StringComparison.Ordinal))
        {
            Nft(text);
        }
        else
        {
            IsThere = true;
            Iptables(text);
        }
    }

    private void Iptables(string text)
    {
        foreach (Match rule in Port().Matches(text))
        {
            Open.Add($"{rule.Groups["ports"].Value.Replace(':', '–')}/{rule.Groups["protocol"].Value}{Where(rule)}");
        }

        foreach (Match rule in Interface().Matches(text))
        {
            Trust(rule.Groups["interface"].Value);
        }
    }

    // nftables serves without a firewall too, for address translation: only a chain that hooks into what comes in is one. What NixOS
    // includes by itself takes earlier tables away and has no rules.
    private void Nft(string text)
    {
        var comesIn = true;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            if (line.StartsWith("chain ", StringComparison.Ordinal))
            {
                comesIn = !Array.Exists(OtherChains, other => line.Contains(other, StringComparison.Ordinal));
            }

            if (line.Contains(" hook ", StringComparison.Ordinal))
            {
                comesIn = line.Contains(" hook input ", StringComparison.Ordinal);
                IsThere |= comesIn;
            }

            if (line.StartsWith("include ", StringComparison.Ordinal) && !line.Contains("deletions", StringComparison.Ordinal))
            {
                MissRules();
            }
            else if (comesIn && !line.Contains("oifname", StringComparison.Ordinal))
            {
                NftRule(line);
            }
        }
    }

    private void NftRule(string line)
    {
        foreach (Match rule in NftPorts().Matches(line))
        {
            foreach (var port in rule.Groups["ports"].Value.Split([',', ' ', '{', '}'], StringSplitOptions.RemoveEmptyEntries))
            {
                Open.Add($"{port.Replace('-', '–')}/{rule.Groups["protocol"].Value}{Where(rule)}");
            }
        }

        foreach (Match rule in NftInterfaces().Matches(line))
        {
            foreach (var name in rule.Groups["interfaces"].Value.Split([',', ' ', '"'], StringSplitOptions.RemoveEmptyEntries))
            {
                Trust(name);
            }
        }
    }

    private void Trust(string name)
    {
        if (name != "lo")
        {
            Trusted.Add(name);
        }
    }

    private static string Where(Match rule) => rule.Groups["interface"] is { Success: true } on ? $" on {on.Value}" : "";

    // ExecStart=@/nix/store/…-firewall-start/bin/firewall-start firewall-start
    [GeneratedRegex("/nix/store/[a-z0-9]{32}-(firewall-start|nftables-rules)[A-Za-z0-9+._?=/-]*", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Script();

    // ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept [-i interface]
    [GeneratedRegex(@"-A nixos-fw (-i (?<interface>\S+) )?-p (?<protocol>tcp|udp) --dport (?<ports>[0-9:]{1,11}) -j nixos-fw-accept( -i (?<interface>\S+))?", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Port();

    // ip46tables -A nixos-fw -i eth1 -j nixos-fw-accept
    [GeneratedRegex(@"-A nixos-fw -i (?<interface>\S+) -j nixos-fw-accept", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Interface();

    // iifname eth1 tcp dport { 22, 80-90 } accept
    [GeneratedRegex(@"(iifname ""?(?<interface>[^"" {}]{1,40})""? )?(?<protocol>tcp|udp) dport (?<ports>\{[0-9, -]{1,4000}\}|[0-9-]{1,11}) accept", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NftPorts();

    // iifname { "lo", "eth1" } accept comment "trusted interfaces"
    [GeneratedRegex(@"iifname (\{(?<interfaces>[^{}]{1,400})\}|(?<interfaces>[^ {}]{1,42})) accept", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NftInterfaces();
}
