using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Storing;

/// <summary>The first part of the names of new logs. It is kept, because the name of a machine may be another one at the next start, as that of a container.</summary>
public static class LedgerHost
{
    // With what comes behind it, it is the name of a file.
    private const int MostLength = 160;
    private const string FileName = "ledger.host";
    private const string Unnamed = "osmoda";

    /// <param name="storage">Where everything is.</param>
    /// <param name="configured">Setting <c>Ledger:Host</c>; null or empty: what it was at the first start, which is the name of the machine.</param>
    /// <exception cref="StartRefusedException">No log can have that name.</exception>
    public static string Choose(StorageSettings storage, string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return IsOne(configured.Trim())
                ? configured.Trim()
                : throw new StartRefusedException($"Ledger:Host is '{configured.Trim()}', and has to be a name of at most {MostLength} letters, digits and signs of ASCII, without spaces and '+', such as ledger.example.org.");
        }

        var path = Path.Combine(Path.GetFullPath(storage.KeyFolder), FileName);
        try
        {
            if (File.Exists(path) && File.ReadAllText(path).Trim() is var kept && IsOne(kept))
            {
                return kept;
            }

            DurableFolder.Make(Path.GetFullPath(storage.Folder));
            DurableFolder.Make(Path.GetFullPath(storage.KeyFolder));
            File.WriteAllText(path, OfMachine() + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever takes the data folder next says what is wrong with it.
        }

        return OfMachine();
    }

    private static string OfMachine() => Environment.MachineName.ToLowerInvariant() is var name && IsOne(name) ? name : Unnamed;

    private static bool IsOne(string name) => name.Length > 0 && Uri.EscapeDataString(name).Length <= MostLength && name.All(static sign => sign is > ' ' and <= '~' and not '+');
}
