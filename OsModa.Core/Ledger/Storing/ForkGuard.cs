using System.Globalization;
using System.Text;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Ledger.Notes;
using OsModa.Core.Storage;

namespace OsModa.Core.Ledger.Storing;

/// <summary>
/// The newest signed head of each log, in a file that is not part of the data folder: whoever puts an old database back does not put this back, so that nothing is
/// signed twice at one size. One line a head: size, root, Unix ms.
/// </summary>
public sealed class ForkGuard(string folder)
{
    private const int MostBytes = 256 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // A name in the folder may not be on the disk yet, also of a process before that was cut short.
    private bool _isUnsynced = true;

    /// <summary>Null when nothing was ever signed.</summary>
    /// <exception cref="LedgerDamagedException">The file is not one of ours.</exception>
    public Checkpoint? Read(LogName log)
    {
        var path = PathOf(log);
        if (!File.Exists(path))
        {
            return null;
        }

        // A line that a crash cut short was never followed by a checkpoint.
        var text = File.ReadAllText(path);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Checkpoint? newest = null;
        foreach (var line in lines)
        {
            if (line.Split(' ') is not [var sizeText, var rootText, _]
                || !long.TryParse(sizeText, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                || !TreeHash.TryParseBase64(rootText, out var root))
            {
                throw new LedgerDamagedException($"The file {path} is damaged. It says up to where the ledger was signed; restore it from a backup of its own, or start a new epoch.");
            }

            newest = newest is null || size > newest.Size ? new Checkpoint(log.Origin, size, root) : newest;
        }

        return newest;
    }

    /// <summary>Nothing was ever signed of any log.</summary>
    public bool IsEmpty => !Directory.Exists(folder) || Directory.GetFiles(folder).Length == 0;

    /// <summary>Something was signed, whatever it was.</summary>
    public bool Has(LogName log) => File.Exists(PathOf(log));

    /// <summary>Epochs after this one of which something was signed, oldest first.</summary>
    public IReadOnlyList<LogName> Later(LogName log)
    {
        var first = log.FirstOrigin;
        var prefix = Uri.EscapeDataString(first + "/");
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.GetFiles(folder, prefix + "*").Select(path => Path.GetFileName(path)[prefix.Length..])
                .Select(static number => uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) ? epoch : 0)
                .Where(epoch => epoch > log.Epoch).Order().Select(epoch => log with { Id = 0, Origin = $"{first}/{epoch}", Epoch = epoch }),
        ];
    }

    /// <summary>The first name of an organisation's log of which something was signed, also under the name of another host; null for none.</summary>
    /// <param name="tenant">The organisation.</param>
    /// <param name="host">Whose name is looked for first; of others it is the one that was signed last.</param>
    public string? SignedOf(Guid tenant, string host)
    {
        var (ours, ending) = (LogName.OriginOf(host, tenant, 1), LogName.OriginOf("", tenant, 1));
        return !Directory.Exists(folder) ? null : Directory.GetFiles(folder, $"*{Uri.EscapeDataString(ending)}*")
            .Select(static path => (Origin: FirstOf(Uri.UnescapeDataString(Path.GetFileName(path))), At: File.GetLastWriteTimeUtc(path)))
            .Where(file => file.Origin.EndsWith(ending, StringComparison.Ordinal))
            .OrderByDescending(file => file.Origin == ours).ThenByDescending(static file => file.At)
            .Select(static file => file.Origin).FirstOrDefault();
    }

    /// <summary>On the disk when it returns.</summary>
    public void Write(LogName log, Checkpoint head, DateTimeOffset now)
    {
        DurableFolder.Make(folder);
        var path = PathOf(log);
        _isUnsynced |= !File.Exists(path);
        var line = Encoding.ASCII.GetBytes($"{head.Size} {head.Root.ToBase64()} {now.ToUnixTimeMilliseconds()}\n");
        if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
        {
            var fresh = path + ".new";
            Append(fresh, FileMode.Create, line);
            _isUnsynced = true;
            File.Move(fresh, path, overwrite: true);
        }
        else
        {
            EndLastLine(path);
            Append(path, FileMode.Append, line);
        }

        if (_isUnsynced)
        {
            DurableFolder.Sync(folder);
            _isUnsynced = false;
        }
    }

    // What a crash left of a line would run into the next one.
    private static void EndLastLine(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        stream.SetLength(text.AsSpan().LastIndexOf((byte)'\n') + 1);
    }

    private static void Append(string path, FileMode mode, byte[] line)
    {
        using var stream = new FileStream(path, new FileStreamOptions { Mode = mode, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        stream.Write(line);
        stream.Flush(flushToDisk: true);
    }

    private static string FirstOf(string origin) =>
        origin.LastIndexOf('/') is var slash and > 0 && uint.TryParse(origin.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _) && origin[..slash].Contains("/ledger/", StringComparison.Ordinal)
            ? origin[..slash]
            : origin;

    private string PathOf(LogName log) => Path.Combine(folder, log.FileName);
}
