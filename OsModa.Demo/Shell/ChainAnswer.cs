using System.Globalization;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Shell;

/// <summary>Answers chain.sh WALFROM SALTS RANGE…: pieces of the files in which agentd keeps its chain, with how these files are before and after.</summary>
internal static class ChainAnswer
{
    private const string Nothing = "none";
    private const int SaltsAt = 32, SaltDigits = 16;

    public static DemoRun To(DemoServer server, IReadOnlyList<string> arguments)
    {
        lock (server.Gate)
        {
            if (server.Chain is not { } chain)
            {
                return DemoRun.Of([Nothing]);
            }

            if (arguments.Count < 2)
            {
                return DemoRun.Of([], 2);
            }

            chain.IsRead = true;
            var files = chain.Files;
            return DemoRun.Of([State(files), .. arguments.Skip(2).SelectMany(range => Part(files, range)), .. arguments[0] == Nothing ? [] : News(files, arguments[0], arguments[1]), State(files)]);
        }
    }

    private static string State(DatabaseFiles files) =>
        string.Create(CultureInfo.InvariantCulture, $"state {files.DatabaseStat} {files.Inode} {files.Log.Length} {(files.LogHeader.Length == 0 ? "-" : files.LogHeader)}");

    private static IEnumerable<string> Part(DatabaseFiles files, string range) => range.Split(':') is [("db" or "wal") and var name, var offset, var bytes]
        ? Part(name, name == "wal" ? files.Log : files.Database, Number(offset), Number(bytes))
        : [];

    // What is new of the log: all of it when it was begun anew.
    private static IEnumerable<string> News(DatabaseFiles files, string known, string salts) => files.LogHeader.Length == 0
        ? []
        : Part("log", files.Log, files.LogHeader.Substring(SaltsAt, SaltDigits) == salts ? Number(known) : 0, int.MaxValue);

    private static IEnumerable<string> Part(string name, ReadOnlyMemory<byte> file, int offset, int bytes)
    {
        var piece = file[Math.Min(offset, file.Length)..];
        return [string.Create(CultureInfo.InvariantCulture, $"part {name} {offset}"), .. PackedPart.Lines(piece.Span[..Math.Min(bytes, piece.Length)])];
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
