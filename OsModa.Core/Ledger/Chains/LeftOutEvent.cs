using System.Collections.Immutable;
using System.Globalization;
using OsModa.Core.Ledger.Records;

namespace OsModa.Core.Ledger.Chains;

/// <summary>
/// An event of a server's chain that is longer than is copied, or has a word that no index can keep. In its place the log has a notice with the epoch of the chain, which no other notice has: that the event was there, and how long.
/// </summary>
/// <param name="Id">Of the event.</param>
/// <param name="Bytes">Of its row in the server's database.</param>
/// <param name="Ts">As far as it is known; the server's word, cut.</param>
/// <param name="Type">The same.</param>
/// <param name="Actor">The same.</param>
public sealed record LeftOutEvent(long Id, long Bytes, string Ts, string Type, string Actor)
{
    /// <summary>Verb of the notice; part of the ledger's format.</summary>
    public const string Verb = "chain.left-out";

    private const int WordsMost = 200;

    /// <summary>It is not too long: there is a NUL in its type or actor, at which SQLite ends a text, so that the index would say something else than was hashed.</summary>
    public bool HasNul { get; init; }

    public string Sentence => HasNul
        ? $"Event {Id}, of {Bytes.ToString(CultureInfo.InvariantCulture)} bytes, has a NUL in its type or actor, and is not copied."
        : $"Event {Id} has {Bytes.ToString(CultureInfo.InvariantCulture)} bytes, which is more than is copied.";

    internal ActionBody Body(Guid server) => new()
    {
        Verb = Verb,
        Server = server,
        Text = Sentence,
        Details = LedgerVerbs.Details(
            ("event", Id.ToString(CultureInfo.InvariantCulture)), ("bytes", Bytes.ToString(CultureInfo.InvariantCulture)), ("ts", Short(Ts)), ("type", Short(Type)), ("actor", Short(Actor)),
            ("nul", HasNul ? "yes" : null),
            ("source", "chain of the server")),
    };

    /// <summary>Null when the notice is another one.</summary>
    internal static LeftOutEvent? Of(ActionBody? body) =>
        body is { Verb: Verb, Details: var details } && Number(details, "event") is { } id && Number(details, "bytes") is { } bytes
            ? new LeftOutEvent(id, bytes, details.GetValueOrDefault("ts", ""), details.GetValueOrDefault("type", ""), details.GetValueOrDefault("actor", "")) { HasNul = details.ContainsKey("nul") }
            : null;

    private static long? Number(ImmutableSortedDictionary<string, string> details, string name) =>
        long.TryParse(details.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Short(string text) => (text.Length > WordsMost ? text[..WordsMost] + "…" : text).Replace('\0', '␀');
}
