using OsModa.Core.Ssh;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>The database changed under the reading: begin anew.</summary>
internal sealed class DatabaseMovedException() : Exception("The database changed while it was read.");

/// <summary>
/// Pages of an SQLite database on a server, read as files: nothing is locked, nothing is written, no SQLite is needed there. A <see cref="LookAsync">look</see> fixes what is read: the
/// database and its write-ahead log up to a commit. A page comes from the log where that has it; a checkpoint that moves pages from the log into the database meanwhile does no harm as long as
/// the log is not begun anew, and that is noticed.
/// </summary>
internal sealed class RemoteDatabase(Func<CancellationToken, ValueTask<IRemoteShell>> shell)
{
    private const int FirstBytes = 65_536;
    private const int RangesMost = 200;
    private const int BytesMost = 8 * 1024 * 1024;
    private const int GapMost = 8;
    private const int TriesMost = 8;

    private readonly Dictionary<uint, ReadOnlyMemory<byte>> _pages = [];
    private WriteAheadLog? _log;
    private FileState? _state;

    public DatabaseHeader Header { get; private set; } = new(4_096, 4_096);

    /// <summary>Pages that the newest look brought anew: those written since the look before.</summary>
    public IReadOnlyCollection<uint> Fresh { get; private set; } = [];

    /// <summary>At the newest look the files were other ones, or had been closed and opened again: it is not known what was changed since the look before.</summary>
    public bool IsReopened { get; private set; }

    /// <summary>Fixes what is read from here on.</summary>
    /// <returns>False: there is no such database.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var (before, salts) = (_state, _log?.Salts);
        for (var tries = 0; tries < TriesMost; tries++)
        {
            var answer = await AskAsync([$"{_log?.End ?? 0}", _log?.Salts ?? "-", $"db:0:{FirstBytes}"], [FirstBytes, ChainAnswer.PartMost], cancellationToken);
            if (answer is not { Before: { } first, After: { } last })
            {
                return false;
            }

            if (Take(answer, first, last))
            {
                _state = last;
                // A log that was begun anew after a checkpoint counts its first salt up by one; one that was made anew does not.
                IsReopened = before is not null && (Inode(before) != Inode(last) || (salts is null ? before.File != last.File : _log is null || !Continues(salts, _log.Salts)));
                return true;
            }
        }

        throw new DatabaseMovedException();
    }

    /// <summary>Reads these pages unless they are there.</summary>
    /// <exception cref="DatabaseMovedException">The look is not true any more.</exception>
    public async Task EnsureAsync(IEnumerable<uint> pages, CancellationToken cancellationToken)
    {
        var missing = pages.Where(page => !_pages.ContainsKey(page)).Distinct().Order().ToList();
        var wanted = missing.ToHashSet();
        foreach (var ranges in Ranges(missing).Chunk(RangesMost).SelectMany(Portions))
        {
            var answer = await AskAsync(["none", "-", .. ranges.Select(range => $"{range.Name}:{range.Offset}:{range.Bytes}")], [.. ranges.Select(static range => range.Bytes)], cancellationToken);
            if (answer.Before?.File != _state!.File || answer.After?.File != _state.File || answer.Before.Salts != _state.Salts || answer.After.Salts != _state.Salts)
            {
                throw new DatabaseMovedException();
            }

            foreach (var (range, part) in ranges.Zip(answer.Parts))
            {
                Keep(range, part.Bytes, wanted);
            }
        }

        if (missing.Find(page => !_pages.ContainsKey(page)) is var gone and not 0)
        {
            throw new ForeignDatabaseException($"The ledger's database on the server is damaged: it has no page {gone}.");
        }
    }

    /// <summary>More pages than this there are not.</summary>
    public long PageCount => (long.Parse(_state!.File.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) / Header.PageSize) + (_log?.Pages.Count ?? 0) + 1;

    public bool Has(uint page) => _pages.ContainsKey(page);

    /// <summary>A page that was asked for.</summary>
    public ReadOnlyMemory<byte> this[uint page] => _pages[page];

    public void Forget(IEnumerable<uint> pages)
    {
        foreach (var page in pages)
        {
            _pages.Remove(page);
        }
    }

    private async Task<ChainAnswer> AskAsync(IReadOnlyList<string> arguments, IReadOnlyList<long> most, CancellationToken cancellationToken) =>
        await ChainAnswer.AskAsync(await shell(cancellationToken), arguments, most, cancellationToken);

    private bool Take(ChainAnswer answer, FileState first, FileState last)
    {
        var (head, news) = (answer.Parts.Find(part => part is { Name: "db", Offset: 0 }), answer.Parts.Find(part => part.Name == "log"));
        if (first.Salts != last.Salts || (last.Salts.Length == 0 && first.File != last.File) || (last.Salts.Length > 0 && news is null))
        {
            return false;
        }

        _pages.Clear();
        Fresh = [];
        Header = DatabaseHeader.Parse(head?.Bytes) ?? throw new ForeignDatabaseException("The server's own ledger is no SQLite database that can be read here.");
        Keep(new PageRange("db", 0, FirstBytes, 1, FirstBytes / Header.PageSize), head!.Bytes, null);
        if (news is null)
        {
            _log = null;
            return true;
        }

        var from = (int)Math.Min(news.Bytes.Length, news.Offset == 0 ? WriteAheadLog.HeaderBytes : 0);
        _log = news.Offset == 0 ? WriteAheadLog.Begin(news.Bytes, Header.PageSize) : news.Offset == _log?.End ? _log : null;
        if (_log is null || _log.Salts != last.Salts)
        {
            _log = null;
            return false;
        }

        Overlay(news.Bytes.AsMemory(from));
        // A log longer than a part is read on.
        return news.Bytes.Length < ChainAnswer.PartMost;
    }

    private void Overlay(ReadOnlyMemory<byte> bytes)
    {
        var fresh = _log!.Take(bytes.Span);
        foreach (var page in _log.Pages.Keys)
        {
            _pages.Remove(page);        // what the database itself has of it is old
        }

        foreach (var (page, range) in fresh)
        {
            _pages[page] = bytes[range];
        }

        Fresh = fresh.Keys;
    }

    // Pages that lie between those that are wanted come along and are let go: memory has a bound whatever the size of the database.
    private void Keep(PageRange range, ReadOnlyMemory<byte> bytes, HashSet<uint>? wanted)
    {
        for (var i = 0; i < range.Count && (i + 1) * Header.PageSize <= bytes.Length; i++)
        {
            var page = range.First + (uint)i;
            if (wanted?.Contains(page) != false && (range.Name == "wal" || _log?.Pages.ContainsKey(page) != true))
            {
                _pages.TryAdd(page, bytes.Slice(i * Header.PageSize, Header.PageSize));
            }
        }
    }

    private IEnumerable<PageRange> Ranges(List<uint> pages)
    {
        var inLog = pages.Where(page => _log?.Pages.ContainsKey(page) == true).ToHashSet();
        foreach (var page in inLog)
        {
            yield return new PageRange("wal", _log!.Pages[page], Header.PageSize, page, 1);
        }

        uint first = 0, last = 0;
        foreach (var page in pages.Where(page => !inLog.Contains(page)))
        {
            if (first != 0 && (page - last > GapMost || (page - first) * Header.PageSize >= BytesMost))
            {
                yield return Main(first, last);
                first = 0;
            }

            (first, last) = (first == 0 ? page : first, page);
        }

        if (first != 0)
        {
            yield return Main(first, last);
        }

        PageRange Main(uint from, uint to) => new("db", (from - 1L) * Header.PageSize, (to - from + 1L) * Header.PageSize, from, (int)(to - from + 1));
    }

    private static IEnumerable<List<PageRange>> Portions(PageRange[] ranges)
    {
        var (portion, bytes) = (new List<PageRange>(), 0L);
        foreach (var range in ranges)
        {
            if (portion.Count > 0 && bytes + range.Bytes > BytesMost)
            {
                yield return portion;
                (portion, bytes) = ([], 0);
            }

            portion.Add(range);
            bytes += range.Bytes;
        }

        yield return portion;
    }

    private static string Inode(FileState state) => state.File[(state.File.LastIndexOf(' ') + 1)..];

    private static bool Continues(string before, string now) => before == now || (uint)(Salt(before) + 1) == Salt(now);

    private static uint Salt(string salts) => Convert.ToUInt32(salts[..8], 16);

    private readonly record struct PageRange(string Name, long Offset, long Bytes, uint First, int Count);
}
