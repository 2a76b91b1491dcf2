using System.Globalization;

namespace OsModa.Core.Storage;

/// <summary>The data folder, held by this process alone: two writers of one ledger or one key store would undo each other.</summary>
public sealed class DataFolder : IDisposable
{
    private const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly FileStream _lock;

    private DataFolder(FileStream held) => _lock = held;

    /// <summary>Makes the folder when it is missing, closes it to all but our user, also when somebody else made it, and holds it until disposed.</summary>
    /// <exception cref="StartRefusedException">Another process holds it, it cannot be written, or others can read it and it is not ours to close.</exception>
    public static DataFolder Hold(StorageSettings settings)
    {
        var folder = Path.GetFullPath(settings.Folder);
        var processFile = Path.Combine(folder, "process");
        try
        {
            CreatePrivately(folder, isOurs: !Directory.Exists(folder) || MayBeOurs(folder));
            CreatePrivately(Path.GetFullPath(settings.KeyFolder), isOurs: true);
            // Exclusive sharing is flock(2) here: the kernel lets go of it however the process ends.
            var held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(processFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            File.Delete(Path.GetFullPath(settings.ReceivedFile));    // left behind by a process that was killed
            return new DataFolder(held);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StartRefusedException($"The data folder {folder} cannot be written by this user. Give it to them, or name another one with Storage__Folder.", denied);
        }
        catch (IOException) when (File.Exists(processFile))
        {
            throw new StartRefusedException(
                $"Another osModa Dashboard (process {ReadProcess(processFile)}) already uses the data folder {folder}. Stop that one, or name another folder with Storage__Folder.");
        }
        catch (IOException broken)
        {
            throw new StartRefusedException($"The data folder {folder} cannot be used: {broken.Message}", broken);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void CreatePrivately(string folder, bool isOurs)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, Ours);
        if (File.GetUnixFileMode(folder) is var mode && (mode & Others) != UnixFileMode.None)
        {
            Close(folder, mode & ~Others, isOurs);
        }
    }

    private static void Close(string folder, UnixFileMode mode, bool isOurs)
    {
        // Somebody may have named a folder that others need, such as /srv.
        if (!isOurs)
        {
            throw new StartRefusedException($"The folder {folder} is open to other users and holds things that are not of osModa Dashboard. Name a folder of its own with Storage__Folder, or close this one with 'chmod 700 {folder}'.");
        }

        try
        {
            File.SetUnixFileMode(folder, mode);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StartRefusedException($"The data folder {folder} is open to other users, and belongs to another one than this. Give it to this user, or close it with 'chmod 700 {folder}'.", denied);
        }
    }

    private static bool MayBeOurs(string folder)
    {
        var names = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Where(static name => name != "lost+found").ToList();
        return names.Count == 0 || names.Exists(static name => name is "lock" or "keys" or "dashboard.db" or "ledger.db" or "demo");
    }

    private static string ReadProcess(string file)
    {
        var text = File.ReadAllText(file).Trim();
        return int.TryParse(text, CultureInfo.InvariantCulture, out _) ? text : "unknown";
    }
}
