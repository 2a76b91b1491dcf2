using OsModa.Core.Observation;

namespace OsModa.Core.Comparison;

/// <summary>Ports that the firewall lets in, and addresses that socket units listen on.</summary>
internal static class PortChanges
{
    public const string Firewall = "firewall", Port = "port ", Interface = "interface ";

    private const int MostPorts = 400;

    public static IEnumerable<SecurityChange> Find(SystemFiles from, SystemFiles to, IEnumerable<UnitFileChange> units) =>
        Rules(FirewallRules.Of(from), FirewallRules.Of(to)).Concat(units.Where(unit => unit.Unit.Text.EndsWith(".socket", StringComparison.Ordinal)).SelectMany(Listening));

    private static IEnumerable<SecurityChange> Rules(FirewallRules old, FirewallRules @new) => (old, @new) switch
    {
        _ when old.HasScriptsOf(@new) && !(old.IsRead && @new.IsRead) => [],
        ({ IsRead: true }, { IsRead: true }) => Moved(old, @new),
        ({ IsThere: false }, { IsRead: true, HasUnit: true }) => [new SecurityChange(Firewall, "is switched on: only what it opens is let in", SecurityMove.Tighter)],
        ({ IsThere: true, HasUnit: true }, { IsThere: false }) => [new SecurityChange(Firewall, "is switched off: every port is open", SecurityMove.Looser)],
        ({ IsThere: true, IsRead: false }, _) or (_, { IsThere: true, IsRead: false }) => [new SecurityChange(Firewall, "has rules that could not be read: look which ports they open", SecurityMove.Changed)],
        _ => [],
    };

    private static IEnumerable<SecurityChange> Moved(FirewallRules old, FirewallRules @new) =>
        Differing(@new.Trusted, old.Trusted).Select(name => new SecurityChange(Interface + name, "is trusted by the firewall: everything is let in there", SecurityMove.Looser))
            .Concat(Differing(@new.Open, old.Open).Select(port => new SecurityChange(Port + port, "opens in the firewall", SecurityMove.Looser)))
            .Concat(Differing(old.Trusted, @new.Trusted).Select(name => new SecurityChange(Interface + name, "is trusted by the firewall no longer", SecurityMove.Tighter)))
            .Concat(Differing(old.Open, @new.Open).Select(port => new SecurityChange(Port + port, "closes in the firewall", SecurityMove.Tighter)));

    private static IEnumerable<string> Differing(IEnumerable<string> of, IEnumerable<string> without) => of.Except(without).Order(StringComparer.Ordinal).Take(MostPorts);

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
}
