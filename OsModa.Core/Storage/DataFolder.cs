using System.Globalization;

namespace OsModa.Core.Storage;

/// <summary>The data folder, held by this process alone: two writers of one ledger or one key store would undo each other.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(FileStream held) => _lock = held;

    /// <summary>Makes the folder when it is missing, readable by our user only, and holds it until disposed.</summary>
    /// <exception cref="StartRefusedException">Another process holds it, or it cannot be written.</exception>
    public static DataFolder Hold(StorageSettings settings)
    {
        var folder = Path.GetFullPath(settings.Folder);
        var processFile = Path.Combine(folder, "process");
        try
        {
            CreatePrivately(folder);
            CreatePrivately(Path.GetFullPath(settings.KeyFolder));
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

    private static void CreatePrivately(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string ReadProcess(string file)
    {
        var text = File.ReadAllText(file).Trim();
        return int.TryParse(text, CultureInfo.InvariantCulture, out _) ? text : "unknown";
    }
}
