using System.Globalization;
using System.Text;
using OsModa.Core.Ssh;

namespace OsModa.Core.Ledger.Mirror;

/// <summary>How the database's files are.</summary>
/// <param name="File">Size, time of the last change and inode of the database, as one text.</param>
/// <param name="LogBytes">Size of the write-ahead log; 0 when there is none.</param>
/// <param name="LogHeader">Its first 32 bytes; empty when it is shorter.</param>
internal sealed record FileState(string File, long LogBytes, byte[] LogHeader)
{
    /// <summary>Empty when there is no write-ahead log.</summary>
    public string Salts => LogHeader.Length == WriteAheadLog.HeaderBytes ? Convert.ToHexStringLower(LogHeader.AsSpan(16, 8)) : "";
}

/// <summary>A piece of one of the files.</summary>
/// <param name="Name"><c>db</c>, <c>wal</c> (asked for by offset) or <c>log</c> (what is new of the write-ahead log).</param>
/// <param name="Offset">In the file.</param>
/// <param name="Bytes">The piece.</param>
internal sealed record FilePart(string Name, long Offset, byte[] Bytes);

/// <summary>What chain.sh answered. It comes from a server, so nothing in it is believed.</summary>
/// <param name="Before">Null: there is no such database.</param>
/// <param name="After">Read last.</param>
/// <param name="Parts">In between.</param>
internal sealed record ChainAnswer(FileState? Before, FileState? After, List<FilePart> Parts)
{
    public const int PartMost = 64 * 1024 * 1024;
    private const int StatesMost = 2;
    private const string Nonsense = "The server's answer about its own ledger makes no sense.";

    /// <param name="shell">Of the server.</param>
    /// <param name="arguments">Of chain.sh.</param>
    /// <param name="most">How many bytes were asked for of each part, in the order of the parts. No more of anything is taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    /// <exception cref="ForeignDatabaseException">The answer is none of chain.sh.</exception>
    public static async Task<ChainAnswer> AskAsync(IRemoteShell shell, IReadOnlyList<string> arguments, IReadOnlyList<long> most, CancellationToken cancellationToken)
    {
        var run = await shell.StartAsync(RemoteScript.Embedded("chain.sh"), arguments, cancellationToken);
        await using (run)
        {
            var (states, parts) = (new List<FileState>(), new List<FilePart>());
            (string Name, long Offset, PackedBytes Packed)? open = null;
            await foreach (var line in run.ReadLinesAsync(cancellationToken))
            {
                var words = open is null ? Encoding.ASCII.GetString(line.Span).Split(' ') : [];
                switch (words)
                {
                    case ["none"]:
                        return new ChainAnswer(null, null, []);
                    case ["state", ..] when states.Count < StatesMost:
                        states.Add(State(words));
                        break;
                    case ["part", var name, var offset] when parts.Count < most.Count:
                        open = (name, Number(offset), new PackedBytes(most[parts.Count]));
                        break;
                    case [] when open is { } part && line.Span is [(byte)'.']:
                        parts.Add(new FilePart(part.Name, part.Offset, part.Packed.Unpack() ?? throw new ForeignDatabaseException(Nonsense)));
                        open = null;
                        break;
                    case [] when open is { } part && part.Packed.Add(line.Span):
                        break;
                    default:
                        throw new ForeignDatabaseException(Nonsense);
                }
            }

            return states is [var before, var after] ? new ChainAnswer(before, after, parts) : throw new ForeignDatabaseException("The server's own ledger could not be read; perhaps the login may not.");
        }
    }

    private static FileState State(string[] words) => words is [_, var size, var time, var inode, var log, var header]
        ? new FileState($"{Number(size)} {time} {inode}", Number(log), header.Length == 2 * WriteAheadLog.HeaderBytes ? Hex(header) : [])
        : throw new ForeignDatabaseException(Nonsense);

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new ForeignDatabaseException(Nonsense);

    private static byte[] Hex(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            throw new ForeignDatabaseException(Nonsense);
        }
    }
}
