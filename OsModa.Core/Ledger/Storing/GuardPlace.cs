using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Storing;

/// <summary>Where the newest signed heads are: as the dashboard chooses it, and as the commands find it.</summary>
public static class GuardPlace
{
    private const string Within = "last-signed";

    /// <summary>The folder for the dashboard: beside the data folder, or within it where that is all that may be written, as in a container.</summary>
    /// <param name="storage">Where everything is.</param>
    /// <param name="configured">Setting <c>Ledger:GuardFolder</c>; null or empty for none.</param>
    public static string Choose(StorageSettings storage, string? configured) =>
        LedgerSettings.In(storage, guardFolder: configured).GuardFolder is var folder && (!string.IsNullOrWhiteSpace(configured) || CanBeMade(folder)) ? folder : WithinOf(storage);

    /// <summary>The folder that the dashboard has chosen, without making one; null when there is none.</summary>
    /// <param name="storage">Where everything is.</param>
    /// <param name="configured">Setting <c>Ledger:GuardFolder</c>; null or empty for none.</param>
    public static string? Find(StorageSettings storage, string? configured)
    {
        var chosen = LedgerSettings.In(storage, guardFolder: configured).GuardFolder;
        string[] places = string.IsNullOrWhiteSpace(configured) ? [chosen, WithinOf(storage)] : [chosen];
        return Array.Find(places, Directory.Exists);
    }

    private static string WithinOf(StorageSettings storage) => Path.Combine(Path.GetFullPath(storage.Folder), Within);

    private static bool CanBeMade(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
