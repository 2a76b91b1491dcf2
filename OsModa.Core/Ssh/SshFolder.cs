using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OsModa.Core.Ssh;

/// <summary>
/// The folder for sockets and files of running connections, readable by our user only and held by a lock that the kernel lets go of
/// when we end. A folder whose lock is free was left by a dashboard that was killed: it and what still runs in it are cleared away.
/// </summary>
public sealed partial class SshFolder : IDisposable
{
    // ssh binds a master's socket under its name and 17 characters more, and a socket's path has 108 bytes with its final zero.
    private const int LongestBase = 50;
    private const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;
    private int _routes;

    private SshFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <exception cref="ConnectionException">There is no place for it.</exception>
    public static SshFolder Open(SshSettings settings)
    {
        foreach (var place in Places(settings).Where(Fits))
        {
            try
            {
                ClearLeftovers(place);
                return Make(place);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not ours to write: the next place.
            }
        }

        throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Ours, "There is no folder for the sockets of connections. Name one with the setting Ssh__RuntimeFolder: an absolute path of at most 50 characters that the dashboard may write."));
    }

    /// <summary>A new folder inside, for one route or agent.</summary>
    /// <exception cref="ConnectionException">It cannot be made.</exception>
    public string Add()
    {
        var path = System.IO.Path.Combine(Path, $"r{Interlocked.Increment(ref _routes)}");
        Restore(path);
        return path;
    }

    /// <summary>Makes a folder inside again, where what clears old files away has taken it.</summary>
    /// <exception cref="ConnectionException">It cannot be made.</exception>
    internal void Restore(string path)
    {
        try
        {
            // Nobody but its owner may do this: when ours is gone, somebody else may have made one of its name.
            File.SetUnixFileMode(Path, Ours);
            Directory.CreateDirectory(path, Ours);
        }
        catch (Exception e) when (OwnFiles.IsTrouble(e))
        {
            throw OwnFiles.NotWritten(e);
        }
    }

    public void Dispose()
    {
        OwnFiles.DeleteFolder(Path);
        _lock.Dispose();
    }

    // It gets its name only once the lock is held, or another dashboard that starts now would take it for a leftover.
    private static SshFolder Make(string place)
    {
        var name = $"osmoda-{Guid.NewGuid():N}"[..15];
        var unnamed = System.IO.Path.Combine(place, $".{name}");
        Directory.CreateDirectory(unnamed, Ours);
        var held = Hold(unnamed);
        var path = System.IO.Path.Combine(place, name);
        Directory.Move(unnamed, path);
        return new SshFolder(path, held);
    }

    private static IEnumerable<string> Places(SshSettings settings)
    {
        if (settings.RuntimeFolder is { } chosen)
        {
            return [chosen];
        }

        var systemd = Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY")?.Split(':')[0];
        return new[] { systemd, Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), Environment.IsPrivilegedProcess ? "/run" : null, "/tmp" }.OfType<string>();
    }

    private static bool Fits(string place) => place.Length <= LongestBase && PlainPath().IsMatch(place) && Directory.Exists(place);

    // Exclusive sharing is flock(2) here.
    private static FileStream Hold(string path) => new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static void ClearLeftovers(string place)
    {
        foreach (var path in Directory.EnumerateDirectories(place, "osmoda-*"))
        {
            try
            {
                if (!File.Exists(System.IO.Path.Combine(path, "lock")) || File.GetUnixFileMode(path) != Ours)
                {
                    continue;
                }

                using (Hold(path))
                {
                    EndProcessesOf(path);
                    Directory.Delete(path, recursive: true);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Held by a running dashboard, or another user's.
            }
        }
    }

    private static void EndProcessesOf(string path)
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    if (process.ProcessName.StartsWith("ssh", StringComparison.Ordinal)
                        && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(path + "/", StringComparison.Ordinal))
                    {
                        process.Kill();
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or System.ComponentModel.Win32Exception)
                {
                    // Gone in the meantime, or not ours.
                }
            }
        }
    }

    // Paths stand in ssh's configuration, where spaces, quotes and percent signs mean something.
    [GeneratedRegex(@"\A/[A-Za-z0-9/._\-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex PlainPath();
}
