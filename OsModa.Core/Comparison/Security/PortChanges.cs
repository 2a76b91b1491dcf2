using System.Text.RegularExpressions;
using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>Ports that the firewall lets in, and addresses that socket units listen on.</summary>
internal static partial class PortChanges
{
    private const int MostPorts = 400;

    public static IEnumerable<SecurityChange> Find(SystemFiles from, SystemFiles to, IEnumerable<UnitFileChange> units) =>
        Firewall(from, to).Concat(units.Where(unit => unit.Unit.Text.EndsWith(".socket", StringComparison.Ordinal)).SelectMany(Listening));

    private static IEnumerable<SecurityChange> Firewall(SystemFiles from, SystemFiles to)
    {
        var (old, @new) = (Open(from), Open(to));
        foreach (var port in @new.Except(old).Order(StringComparer.Ordinal).Take(MostPorts))
        {
            yield return new SecurityChange($"port {port}", "opens in the firewall", SecurityMove.Looser);
        }

        foreach (var port in old.Except(@new).Order(StringComparer.Ordinal).Take(MostPorts))
        {
            yield return new SecurityChange($"port {port}", "closes in the firewall", SecurityMove.Tighter);
        }
    }

    private static HashSet<string> Open(SystemFiles side)
    {
        var ports = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, file) in side.Texts)
        {
            if (file.Text is { } text && (path.Contains("-firewall-start", StringComparison.Ordinal) || path.Contains("nftables", StringComparison.Ordinal)))
            {
                foreach (Match rule in Iptables().Matches(text))
                {
                    ports.Add($"{rule.Groups["ports"].Value.Replace(':', '–')}/{rule.Groups["protocol"].Value}{Where(rule)}");
                }

                foreach (Match rule in Nftables().Matches(text))
                {
                    foreach (var port in rule.Groups["ports"].Value.Split([',', ' ', '{', '}'], StringSplitOptions.RemoveEmptyEntries))
                    {
                        ports.Add($"{port.Replace('-', '–')}/{rule.Groups["protocol"].Value}{Where(rule)}");
                    }
                }
            }
        }

        return ports;
    }

    private static string Where(Match rule) => rule.Groups["interface"] is { Success: true } on ? $" on {on.Value}" : "";

    private static IEnumerable<SecurityChange> Listening(UnitFileChange unit)
    {
        var (old, @new) = (Addresses(unit.Old), Addresses(unit.New));
        return @new.Except(old).Select(address => new SecurityChange(unit.Unit.Text, $"listens on {address}", SecurityMove.Looser))
            .Concat(old.Except(@new).Select(address => new SecurityChange(unit.Unit.Text, $"no longer listens on {address}", SecurityMove.Tighter)));
    }

    private static HashSet<string> Addresses(string? text)
    {
        var unit = UnitFile.Parse(text is null ? [] : [text]);
        return [.. unit.Values("Socket", "ListenStream").Concat(unit.Values("Socket", "ListenDatagram")).Where(address => address.Length > 0 && !address.StartsWith('/') && !address.StartsWith('@'))];
    }

    // ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept [-i interface]
    [GeneratedRegex(@"-A nixos-fw (-i (?<interface>\S+) )?-p (?<protocol>tcp|udp) --dport (?<ports>[0-9:]{1,11}) -j nixos-fw-accept( -i (?<interface>\S+))?", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Iptables();

    // iifname "eth1" tcp dport { 22, 80-90 } accept
    [GeneratedRegex(@"(iifname ""(?<interface>[^""]{1,40})"" )?(?<protocol>tcp|udp) dport (?<ports>\{[0-9, -]{1,4000}\}|[0-9-]{1,11}) accept", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Nftables();
}
