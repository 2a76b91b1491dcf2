using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>A row in full.</summary>
/// <param name="Id">Rowid.</param>
/// <param name="Record">Its columns; null when it is longer than is read.</param>
internal readonly record struct TableRow(long Id, byte[]? Record)
{
    /// <summary>Bytes that it has, also those that are not read.</summary>
    public long Length { get; init; }

    /// <summary>What its page holds of it.</summary>
    public ReadOnlyMemory<byte> Beginning { get; init; }
}

/// <summary>Walks over a table of a database on a server in the order of ids, many pages at a time.</summary>
internal sealed class TableWalk(RemoteDatabase database)
{
    /// <summary>Bytes of a row that are read; a body of the ledger has no more.</summary>
    public const int RecordMost = Records.LedgerRecord.MostBodyBytes;

    private const int PagesAtOnce = 512;
    private const int DepthMost = 12;
    private const long BytesAtOnce = 32 * 1024 * 1024;
    private const long PagesMost = 50_000_000;

    /// <summary>Rows above <paramref name="after"/>, in portions.</summary>
    /// <exception cref="DatabaseMovedException">The look is not true any more.</exception>
    /// <exception cref="ForeignDatabaseException">It is damaged.</exception>
    public IAsyncEnumerable<List<TableRow>> RowsAsync(uint root, long after, CancellationToken cancellationToken) => WalkAsync([root], after, DepthMost, new Bounds(Math.Min(database.PageCount, PagesMost)), cancellationToken);

    /// <summary>The highest id; 0 when there is no row.</summary>
    public async Task<long> HeadAsync(uint root, CancellationToken cancellationToken)
    {
        for (var (page, depth) = (root, 0); depth < DepthMost; depth++)
        {
            await database.EnsureAsync([page], cancellationToken);
            var read = Page(page);
            if (read.IsLeaf)
            {
                return read.Rows().Select(static row => row.Id).DefaultIfEmpty().Last();
            }

            page = read.Children(long.MaxValue)[^1];
        }

        throw TablePage.Broken();
    }

    /// <summary>Whether one of these pages, as far as they are there, looks like one of a table with rows below <paramref name="before"/> that <paramref name="like"/> knows. It may be another table's.</summary>
    public bool AnyRow(IEnumerable<uint> pages, long before, Func<TableRow, bool> like)
    {
        foreach (var number in pages.Where(page => page > 1 && database.Has(page)))
        {
            try
            {
                var page = Page(number);
                if (page.IsLeaf && page.Rows().Any(row => row.Id > 0 && row.Id < before && row.Overflow == 0 && like(new TableRow(row.Id, row.Local.ToArray()))))
                {
                    return true;
                }
            }
            catch (ForeignDatabaseException)
            {
                // A page of another kind.
            }
        }

        return false;
    }

    private async IAsyncEnumerable<List<TableRow>> WalkAsync(List<uint> pages, long after, int depth, Bounds bounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (depth == 0 || (bounds.PagesLeft -= pages.Count) < 0)
        {
            throw TablePage.Broken();
        }

        foreach (var some in pages.Chunk(PagesAtOnce))
        {
            await database.EnsureAsync(some, cancellationToken);
            var cells = new List<TableCell>();
            foreach (var number in some)
            {
                var page = Page(number);
                if (page.IsLeaf)
                {
                    cells.AddRange(page.Rows().Where(row => row.Id > after));
                    continue;
                }

                await foreach (var rows in WalkAsync(page.Children(after), after, depth - 1, bounds, cancellationToken))
                {
                    yield return rows;
                }
            }

            if (cells.Count > 0)
            {
                bounds.DemandGrowing(cells);
                foreach (var portion in Portions(cells))
                {
                    yield return await WholeAsync(portion, cancellationToken);
                }
            }

            // Once read, a page is not needed again but for the first ones, which every walk begins with.
            database.Forget(some.Where(static page => page > 16));
        }
    }

    // A page can say of each of its rows that it is long: of those that are, few are read at once.
    private static IEnumerable<List<TableCell>> Portions(List<TableCell> cells)
    {
        var (from, bytes) = (0, 0L);
        for (var i = 0; i < cells.Count; i++)
        {
            var length = Math.Max(64, cells[i].Length <= RecordMost ? cells[i].Length : 0);
            if (i > from && bytes + length > BytesAtOnce)
            {
                yield return cells[from..i];
                (from, bytes) = (i, 0);
            }

            bytes += length;
        }

        yield return cells[from..];
    }

    // What is longer than its page goes on in a list of others: the next page of all rows at a time.
    private async Task<List<TableRow>> WholeAsync(List<TableCell> cells, CancellationToken cancellationToken)
    {
        var content = database.Header.Usable - 4;
        var wholes = cells.ConvertAll(static cell => cell.Length <= RecordMost ? new byte[cell.Length] : null);
        var open = new List<(int Row, int Filled, uint Next)>();
        for (var i = 0; i < cells.Count; i++)
        {
            if (wholes[i] is { } whole)
            {
                cells[i].Local.Span.CopyTo(whole);
                if (cells[i].Overflow != 0)
                {
                    open.Add((i, cells[i].Local.Length, cells[i].Overflow));
                }
            }
        }

        while (open.Count > 0)
        {
            await database.EnsureAsync(open.Select(static part => part.Next), cancellationToken);
            var further = new List<(int Row, int Filled, uint Next)>();
            foreach (var (row, filled, next) in open)
            {
                var page = database[next].Span;
                var taken = Math.Min(content, wholes[row]!.Length - filled);
                page.Slice(4, taken).CopyTo(wholes[row].AsSpan(filled));
                if (filled + taken < wholes[row]!.Length)
                {
                    further.Add((row, filled + taken, BinaryPrimitives.ReadUInt32BigEndian(page)));
                }
            }

            database.Forget(open.Select(static part => part.Next).Where(static page => page > 16).ToList());
            open = further;
        }

        return [.. cells.Zip(wholes, static (cell, whole) => new TableRow(cell.Id, whole) { Length = cell.Length, Beginning = cell.Local })];
    }

    // Of a tree that leads back into itself there would be no end.
    private sealed class Bounds(long pages)
    {
        private long _last = long.MinValue;

        public long PagesLeft { get; set; } = pages;

        public void DemandGrowing(List<TableCell> cells)
        {
            foreach (var cell in cells)
            {
                _last = cell.Id > _last ? cell.Id : throw TablePage.Broken();
            }
        }
    }

    private TablePage Page(uint number) => new(database[number], database.Header.Usable, number == 1);
}
