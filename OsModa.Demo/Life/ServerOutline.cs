using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OsModa.Core.Servers;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Life;

/// <summary>A simulated server as it is entered in the dashboard, and what it is like.</summary>
/// <param name="Organisation">Name of its organisation.</param>
/// <param name="Role">One of UnitTable's.</param>
/// <param name="Generation">Number of its newest generation.</param>
/// <param name="History">How many generations it still has.</param>
public sealed record ServerOutline(string Organisation, string Name, string Role, ImmutableArray<string> Tags, ImmutableArray<string> Agents, int Generation, int History)
{
    /// <summary>Always the same for the same name, so that a kept data folder finds its servers again.</summary>
    public ServerId Id { get; } = new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"osmoda demo/{Organisation}/{Name}"))[..16]));

    /// <summary>In a domain that RFC 2606 keeps free for examples: nothing answers there.</summary>
    public string Address => $"{Name}.{Organisation.Split(' ')[0].ToLowerInvariant()}.example";

    /// <summary>Whom the dashboard logs in as; anybody but root has no sudo there and may only look.</summary>
    public string Login { get; init; } = LoginName.Root.Text;

    /// <summary>How long ago it was entered, in days.</summary>
    public double AddedDaysAgo { get; init; } = 97;

    /// <summary>osModa runs there, whose agentd keeps a chain.</summary>
    public bool HasChain { get; init; }

    internal Hardware Hardware => Role switch
    {
        "web" => new Hardware(4, Gigabytes(8), Gigabytes(107), 0.55, 0.58, 0.21),
        "scout" => new Hardware(4, Gigabytes(8), Gigabytes(80), 0.9, 0.55, 0.14),
        "scribe" => new Hardware(4, Gigabytes(16), Gigabytes(214), 1.3, 0.7, 0.43),
        "ledger" => new Hardware(2, Gigabytes(8), Gigabytes(214), 0.25, 0.43, 0.36),
        "edge" => new Hardware(2, Gigabytes(4), Gigabytes(40), 0.09, 0.33, 0.12),
        "build" => new Hardware(16, Gigabytes(64), Gigabytes(960), 11.5, 0.62, 0.58),
        _ => new Hardware(2, Gigabytes(4), Gigabytes(40), 0.15, 0.38, 0.17),
    };

    // Memory as a virtual machine shows it: a little less than was bought.
    private static long Gigabytes(int count) => (long)(count * 1.0e9 * 1.02);
}
