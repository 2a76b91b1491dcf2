using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace OsModa.Demo.Machines;

/// <summary>
/// A database and its write-ahead log as they lie on a disk (sqlite.org/fileformat2.html, 4): what is written goes page by page into the log, and from time to time from there into the database.
/// </summary>
internal sealed class DatabaseFiles
{
    /// <summary>As SQLite makes them unless it is told otherwise.</summary>
    public const int PageBytes = 4_096;

    // SQLite lets a log grow to a thousand pages, which would be 4 MB of memory for each server here.
    private const int LoggedMost = 128;
    private const int HeaderBytes = 32, FrameHeaderBytes = 24;
    private const uint Magic = 0x377f0682, Version = 3_007_000;

    private readonly ArrayBufferWriter<byte> _log = new();
    private readonly uint _seed;
    private byte[] _database;
    private byte[] _pages;
    private DateTimeOffset _writtenAt;
    private DateTimeOffset _loggedAt;
    private uint _logs;
    private (uint A, uint B) _sum;

    /// <param name="pages">All of them.</param>
    /// <param name="seed">Of what SQLite and the file system take by chance.</param>
    /// <param name="at">When they were written.</param>
    public DatabaseFiles(byte[] pages, uint seed, DateTimeOffset at) => (_database, _pages, _seed, _writtenAt) = (pages, pages, seed, at);

    public ReadOnlyMemory<byte> Database => _database;

    /// <summary>Empty: nothing was written since the database was opened.</summary>
    public ReadOnlyMemory<byte> Log => _log.WrittenMemory;

    public uint Inode => 131_072 + (_seed % 65_536);

    /// <summary>Size and time of the last change, as stat tells them with <c>%s %.9Y</c>.</summary>
    public string DatabaseStat => Stat(_database.Length, _writtenAt);

    /// <summary>The same of the log; empty when there is none.</summary>
    public string LogStat => _log.WrittenCount == 0 ? "" : Stat(_log.WrittenCount, _loggedAt);

    /// <summary>First 32 bytes of the log, in hexadecimal digits; empty when there is none.</summary>
    public string LogHeader => _log.WrittenCount == 0 ? "" : Convert.ToHexStringLower(_log.WrittenSpan[..HeaderBytes]);

    /// <summary>A transaction is over: those pages that are others now are written.</summary>
    public void Commit(byte[] pages, DateTimeOffset at)
    {
        if (_log.WrittenCount > LoggedMost * (FrameHeaderBytes + PageBytes))
        {
            (_database, _writtenAt) = (_pages, at);
            _log.ResetWrittenCount();
        }

        var changed = Enumerable.Range(0, pages.Length / PageBytes).Where(number => !Page(pages, number).SequenceEqual(Page(_pages, number))).ToList();
        if (_log.WrittenCount == 0 && changed.Count > 0)
        {
            Begin();
        }

        foreach (var number in changed)
        {
            Frame(number, number == changed[^1] ? pages.Length / PageBytes : 0, Page(pages, number));
        }

        (_pages, _loggedAt) = (pages, at);
    }

    private static ReadOnlySpan<byte> Page(byte[] pages, int number) => (number + 1) * PageBytes <= pages.Length ? pages.AsSpan(number * PageBytes, PageBytes) : [];

    private static string Stat(long bytes, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes} {at.ToUnixTimeSeconds()}.{at.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick:D9}");

    // A log that is begun anew has the first salt one higher and another second one.
    private void Begin()
    {
        var header = Put([Magic, Version, PageBytes, _logs, unchecked(_seed + _logs), Noise.Hash(_seed, _logs)], HeaderBytes);
        _sum = Sum((0, 0), header[..FrameHeaderBytes]);
        Close(header, HeaderBytes);
        _logs++;
    }

    private void Frame(int number, int pageCount, ReadOnlySpan<byte> page)
    {
        var header = Put([(uint)number + 1, (uint)pageCount, unchecked(_seed + _logs - 1), Noise.Hash(_seed, _logs - 1)], FrameHeaderBytes);
        _sum = Sum(Sum(_sum, header[..8]), page);
        Close(header, FrameHeaderBytes);
        _log.Write(page);
    }

    private Span<byte> Put(ReadOnlySpan<uint> numbers, int length)
    {
        var header = _log.GetSpan(length)[..length];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header[(4 * i)..], numbers[i]);
        }

        return header;
    }

    private void Close(Span<byte> header, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(header[(length - 8)..], _sum.A);
        BinaryPrimitives.WriteUInt32BigEndian(header[(length - 4)..], _sum.B);
        _log.Advance(length);
    }

    // Words are little endian, as the magic number says.
    private static (uint A, uint B) Sum((uint A, uint B) sum, ReadOnlySpan<byte> bytes)
    {
        var (a, b) = sum;
        for (var i = 0; i < bytes.Length; i += 8)
        {
            unchecked
            {
                a += BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]) + b;
                b += BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i + 4)..]) + a;
            }
        }

        return (a, b);
    }
}
