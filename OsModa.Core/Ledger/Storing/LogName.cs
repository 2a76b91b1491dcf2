namespace OsModa.Core.Ledger.Storing;

/// <summary>One log.</summary>
/// <param name="Id">In the database.</param>
/// <param name="Origin">Its name to the world: first line of its checkpoints, and name of its key.</param>
/// <param name="Tenant">The organisation; empty for the root log, whose entries are the others' checkpoints.</param>
/// <param name="Epoch">From 1; a log that had to be broken off goes on in the next.</param>
public sealed record LogName(long Id, string Origin, Guid Tenant, uint Epoch)
{
    public static readonly Guid Root = Guid.Empty;

    internal static string OriginOf(string host, Guid tenant, uint epoch) =>
        $"{host}/ledger/{(tenant == Root ? "root" : tenant.ToString("N"))}{(epoch == 1 ? "" : $"/{epoch}")}";

    /// <summary>Name of the first epoch: the others have their number behind it.</summary>
    internal string FirstOrigin => Epoch > 1 && Origin.EndsWith($"/{Epoch}", StringComparison.Ordinal) ? Origin[..Origin.LastIndexOf('/')] : Origin;

    /// <summary>A name for a file.</summary>
    internal string FileName => Uri.EscapeDataString(Origin);
}

/// <summary>The stored ledger contradicts itself, or what was signed. Nothing is written to it any more; the message says what a person can do.</summary>
public class LedgerDamagedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A new epoch gets over it. Otherwise what is in the way can be taken out of it.</summary>
    public bool NeedsEpoch { get; init; } = true;
}
