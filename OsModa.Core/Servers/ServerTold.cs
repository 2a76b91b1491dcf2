using System.Collections.Immutable;
using OsModa.Core.Ledger;

namespace OsModa.Core.Servers;

/// <summary>What people say of a server, as the ledger keeps it.</summary>
internal static class ServerTold
{
    public static ImmutableSortedDictionary<string, string> Told(this Server server) => LedgerVerbs.Details(
        ("name", server.Name), ("address", server.Address), ("port", $"{server.Port}"), ("login", server.Login), ("tags", string.Join(' ', server.Tags)), ("through", server.JumpThrough?.ToString()));
}
