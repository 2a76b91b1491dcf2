using System.Collections.Immutable;

namespace OsModa.Demo.Life;

/// <summary>Which servers there are.</summary>
internal static class Outlines
{
    public const string Harbour = "Harbour Agents";

    public const string Kelp = "Kelp Labs";

    private static readonly ImmutableArray<string> AllFive = ["scout", "scribe", "ledgerbot", "archivist", "courier"];

    /// <summary>The servers with a name and a fate.</summary>
    public static ImmutableArray<ServerOutline> Named { get; } =
    [
        Web("web1", 41) with { HasChain = true },
        Web("web2", 41),
        Web("web3", 41),
        Web("web4", 41),
        Web("web5", 40),
        new(Harbour, "scout-eu", "scout", ["production", "eu"], AllFive, 41, 7) { HasChain = true },
        new(Harbour, "scout-ap", "scout", ["production", "ap"], AllFive, 41, 6),
        new(Harbour, "scribe-eu", "scribe", ["production", "eu"], ["scribe", "archivist", "courier"], 36, 8) { HasChain = true },
        new(Harbour, "ledger-us", "ledger", ["production", "us"], ["ledgerbot", "archivist"], 30, 6) { HasChain = true },
        new(Harbour, "edge-fr", "edge", ["edge", "eu"], ["warden"], 23, 5),
        new(Harbour, "edge-sa", "edge", ["edge", "sa"], ["warden"], 23, 5),
        new(Harbour, "build2", "build", ["build"], ["scribe"], 17, 12) { HasChain = true },
        new(Kelp, "lab1", "lab", ["lab"], ["tinker", "scout"], 118, 9) { AddedDaysAgo = 61, Login = "visitor" },
        new(Kelp, "lab2", "lab", ["lab"], ["tinker"], 74, 6) { AddedDaysAgo = 61 },
        new(Kelp, "lab4", "lab", ["lab"], ["tinker"], 3, 3) { AddedDaysAgo = 6 / 1440.0 },
    ];

    /// <summary>Servers without a fate, any number of them.</summary>
    public static IEnumerable<ServerOutline> Plain(int count) => Enumerable.Range(1, count).Select(static number => (number % 10) switch
    {
        < 5 => new ServerOutline(Harbour, $"web-{number:D4}", "web", ["production", "fleet"], AllFive, 12, 3),
        < 7 => new ServerOutline(Harbour, $"scout-{number:D4}", "scout", ["production", "fleet"], AllFive, 12, 3),
        < 9 => new ServerOutline(Harbour, $"edge-{number:D4}", "edge", ["edge", "fleet"], ["warden"], 9, 3),
        _ => new ServerOutline(Harbour, $"ledger-{number:D4}", "ledger", ["production", "fleet"], ["ledgerbot", "archivist"], 15, 3),
    });

    private static ServerOutline Web(string name, int generation) => new(Harbour, name, "web", ["production", "eu"], AllFive, generation, 6);
}
