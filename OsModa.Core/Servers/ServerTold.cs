using System.Collections.Immutable;
using OsModa.Core.Ledger;

namespace OsModa.Core.Servers;

/// <summary>What people say of a server, as the ledger keeps it.</summary>
internal static class ServerTold
{
    public static ImmutableSortedDictionary<string, string> Told(this Server server) => LedgerVerbs.Details(
        ("name", server.Name), ("address", server.Address), ("port", $"{server.Port}"), ("login", server.Login), ("tags", string.Join(' ', server.Tags)), ("through", server.JumpThrough?.ToString()));

    /// <summary>The same, with what was changed as it was before.</summary>
    public static ImmutableSortedDictionary<string, string> Told(this Server server, ImmutableSortedDictionary<string, string> before)
    {
        var now = server.Told();
        return now.SetItems(now.Keys.Union(before.Keys).Where(name => now.GetValueOrDefault(name) != before.GetValueOrDefault(name)).Select(name => KeyValuePair.Create(name + ".was", before.GetValueOrDefault(name, "none"))));
    }
}
