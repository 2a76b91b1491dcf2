using System.Globalization;

namespace OsModa.Demo.Machines;

/// <summary>A database and its write-ahead log as they lie on a disk: what is written goes page by page into the log, and from time to time from there into the database.</summary>
/// <param name="pages">All of them.</param>
/// <param name="seed">Of what SQLite and the file system take by chance.</param>
/// <param name="at">When they were written.</param>
internal sealed class DatabaseFiles(byte[] pages, uint seed, DateTimeOffset at)
{
    /// <summary>As SQLite makes them unless it is told otherwise.</summary>
    private const int PageBytes = 4_096;

    // SQLite lets a log grow to a thousand pages, which would be 4 MB of memory for each server here.
    private const int LoggedMost = 128;

    private readonly DatabaseLog _log = new(seed);
    private byte[] _pages = pages;
    private byte[] _database = pages;
    private DateTimeOffset _writtenAt = at;
    private DateTimeOffset _loggedAt = at;

    public ReadOnlyMemory<byte> Database => _database;

    /// <summary>Empty: nothing was written since the database was opened.</summary>
    public ReadOnlyMemory<byte> Log => _log.Bytes;

    public uint Inode => 131_072 + (seed % 65_536);

    /// <summary>Size and time of the last change, as stat tells them with <c>%s %.9Y</c>.</summary>
    public string DatabaseStat => Stat(_database.Length, _writtenAt);

    /// <summary>The same of the log; empty when there is none.</summary>
    public string LogStat => Log.IsEmpty ? "" : Stat(Log.Length, _loggedAt);

    /// <summary>First 32 bytes of the log, in hexadecimal digits; empty when there is none.</summary>
    public string LogHeader => Log.IsEmpty ? "" : Convert.ToHexStringLower(Log.Span[..DatabaseLog.HeaderBytes]);

    /// <summary>A transaction is over: those pages that are others now are written.</summary>
    /// <param name="all">All pages as they are now.</param>
    /// <param name="when">By the server's clock.</param>
    public void Commit(byte[] all, DateTimeOffset when)
    {
        if (Log.Length > LoggedMost * (DatabaseLog.FrameHeaderBytes + PageBytes))
        {
            (_database, _writtenAt) = (_pages, when);
            _log.Clear();
        }

        var count = all.Length / PageBytes;
        var changed = Enumerable.Range(0, count).Where(index => !Page(all, index).SequenceEqual(Page(_pages, index))).ToList();
        foreach (var index in changed)
        {
            _log.Write(index + 1, index == changed[^1] ? count : 0, Page(all, index));
        }

        (_pages, _loggedAt) = (all, when);
    }

    private static ReadOnlySpan<byte> Page(byte[] all, int index) => (index + 1) * PageBytes <= all.Length ? all.AsSpan(index * PageBytes, PageBytes) : [];

    private static string Stat(long bytes, DateTimeOffset changed) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes} {changed.ToUnixTimeSeconds()}.{changed.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick:D9}");
}
