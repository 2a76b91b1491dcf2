using System.Runtime.InteropServices;

namespace OsModa.Core.Storage;

/// <summary>
/// Names in a folder that are on the disk. That a file was written and synced does not say that its name is (fsync(2), "Calling fsync() does not necessarily ensure that the entry in the directory
/// containing the file has also reached disk"); after a loss of power a file that was made or renamed could be gone, or have its old name.
/// </summary>
internal static unsafe class DurableFolder
{
    private const int ReadOnly = 0x80000;    // O_RDONLY | O_CLOEXEC
    private const int Interrupted = 4;       // EINTR
    private const int Invalid = 22;          // EINVAL
    private const int NotSupported = 95;     // ENOTSUP
    private static readonly nint Program = NativeLibrary.GetMainProgramHandle();
    private static readonly delegate* unmanaged<byte*, int, int> OpenFile = (delegate* unmanaged<byte*, int, int>)NativeLibrary.GetExport(Program, "open");
    private static readonly delegate* unmanaged<int, int> SyncFile = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(Program, "fsync");
    private static readonly delegate* unmanaged<int, int> CloseFile = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(Program, "close");

    /// <summary>Makes a folder that only we may use, unless it is there. Its name is on the disk when this returns.</summary>
    public static void Make(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Sync(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))!);
        }
    }

    /// <summary>Puts the names in a folder on the disk: what was made, renamed or deleted in it. A file system that cannot do that with folders, as CIFS or 9p, is taken as it is.</summary>
    /// <exception cref="IOException">The disk did not do it.</exception>
    public static void Sync(string folder)
    {
        fixed (byte* path = System.Text.Encoding.UTF8.GetBytes(folder + "\0"))
        {
            var file = OpenFile(path, ReadOnly);
            if (file < 0)
            {
                throw new IOException($"The folder {folder} cannot be opened.");
            }

            int error;
            do
            {
                error = SyncFile(file) == 0 ? 0 : Marshal.GetLastSystemError();
            }
            while (error == Interrupted);

            CloseFile(file);
            if (error is not (0 or Invalid or NotSupported))
            {
                throw new IOException($"What was changed in the folder {folder} could not be put on the disk.");
            }
        }
    }
}
