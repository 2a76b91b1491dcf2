using System.Globalization;
using System.IO.Compression;
using OsModa.Demo.Machines;

namespace OsModa.Demo.Shell;

/// <summary>Answers chain.sh: pieces of the database that agentd keeps. It has no write-ahead log here.</summary>
internal static class LedgerAnswer
{
    private const int LineBytes = 32_768;

    public static DemoRun To(DemoServer server, IReadOnlyList<string> arguments)
    {
        byte[] file;
        string state;
        lock (server.Gate)
        {
            if (server.Ledger is not { } ledger)
            {
                return DemoRun.Of(["none"]);
            }

            file = ledger.ReadFile();
            var (seconds, micros) = Math.DivRem(ledger.WrittenAt, 1_000_000);
            state = string.Create(CultureInfo.InvariantCulture, $"state {file.Length} {seconds}.{micros:D6}000 {server.Seed} 0 -");
        }

        return DemoRun.Of([state, .. arguments.Skip(2).SelectMany(range => Part(file, range)), state]);
    }

    // "db:OFFSET:BYTES", or "wal:…" of a log that is not there.
    private static IEnumerable<string> Part(byte[] file, string range)
    {
        var words = range.Split(':');
        var (offset, bytes) = (long.Parse(words[1], CultureInfo.InvariantCulture), long.Parse(words[2], CultureInfo.InvariantCulture));
        var whole = words[0] == "db" ? file : [];
        var from = (int)Math.Min(offset, whole.Length);
        return [$"part {words[0]} {words[1]}", .. Packed(whole.AsSpan(from, (int)Math.Min(bytes, whole.Length - from))).Chunk(LineBytes).Select(static line => new string(line)), "."];
    }

    private static string Packed(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }
}
