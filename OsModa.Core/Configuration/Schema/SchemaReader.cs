using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>What an evaluation told.</summary>
/// <param name="Told">Options or values, each once.</param>
/// <param name="Whole">Nothing had to be left out; otherwise a module on the server is written wrongly and some defaults or options are missing.</param>
public sealed record SchemaReading<T>(ImmutableArray<T> Told, bool Whole);

/// <summary>Asks a server's own Nix for its options. Seconds on a real system: for work that shows its progress.</summary>
public static class SchemaReader
{
    /// <summary>All options of the system, with those within them.</summary>
    /// <exception cref="ConnectionException">The connection failed, the system cannot be evaluated at all, or the answer makes no sense.</exception>
    public static async Task<SchemaReading<Option>> ReadOptionsAsync(IRemoteShell shell, SchemaSource source, CancellationToken cancellationToken)
    {
        var told = await AskAsync(shell, "schema", source, cancellationToken);
        return Understood(() => new SchemaReading<Option>([.. told.Parts.SelectMany(part => OptionsJson.Read(part)).DistinctBy(option => option.Path).Select(option => option with { Declared = told.Roots.Of(option.Declared) })], told.Whole));
    }

    /// <summary>Which options have a value of their own on this server, and where from.</summary>
    /// <exception cref="ConnectionException">As above.</exception>
    public static async Task<SchemaReading<ValueHere>> ReadSetAsync(IRemoteShell shell, SchemaSource source, CancellationToken cancellationToken)
    {
        var told = await AskAsync(shell, "set", source, cancellationToken);
        return Understood(() => new SchemaReading<ValueHere>([.. told.Parts.SelectMany(part => OptionsJson.ReadSet(part)).DistinctBy(value => value.Path).Select(value => value with { Files = told.Roots.Of(value.Files) })], told.Whole));
    }

    /// <summary>Definitions that count for nothing; none where the server's module system does not let them be found.</summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public static async Task<ImmutableArray<LostDefinition>> ReadLostAsync(IRemoteShell shell, SchemaSource source, CancellationToken cancellationToken)
    {
        try
        {
            var told = await AskAsync(shell, "lost", source, cancellationToken);
            return Understood<ImmutableArray<LostDefinition>>(() => [.. told.Parts.SelectMany(part => OptionsJson.ReadLost(part)).Select(lost => lost with { Place = told.Roots.Of([lost.Place])[0] })]);
        }
        catch (ConnectionException failed) when (failed.Fault.Kind == ConnectionFaultKind.Misbehaving)
        {
            return [];    // what wins is known, and that is what counts
        }
    }

    /// <summary>JSON of packages whose names hold a word, as packages.nix tells them.</summary>
    /// <exception cref="ConnectionException">As above.</exception>
    internal static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadPackagesAsync(IRemoteShell shell, SchemaSource source, string word, CancellationToken cancellationToken) =>
        (await AskAsync(shell, word, source, cancellationToken, NixFiles.Packages)).Parts;

    private static async Task<SchemaLines> AskAsync(IRemoteShell shell, string part, SchemaSource source, CancellationToken cancellationToken, string? asked = null)
    {
        var run = await shell.StartAsync(
            RemoteScript.Embedded("options.sh"), [asked ?? NixFiles.Schema, NixFiles.ReadOptions, part, .. source.Arguments], cancellationToken);
        await using (run)
        {
            var lines = new SchemaLines();
            await foreach (var line in run.ReadLinesAsync(cancellationToken))
            {
                if (!lines.Take(line.Span))
                {
                    throw Misbehaving($"The server's answer about its options is larger than {OptionsJson.MostBytes / 1024 / 1024} MiB, so it was not read to the end.");
                }
            }

            return lines.Ended
                ? lines
                : throw Misbehaving($"The server could not evaluate its options (exit status {await run.ExitStatus}). Its configuration has a mistake, or Nix is missing.{(lines.Said.Count > 0 ? $" Nix says: {string.Join(' ', lines.Said)}" : null)}");
        }
    }

    private static T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException odd)
        {
            throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, odd.Message), odd);
        }
    }

    private static ConnectionException Misbehaving(string words) => new(new ConnectionFault(ConnectionFaultKind.Misbehaving, words));
}

/// <summary>Takes the lines of options.sh one by one.</summary>
internal sealed class SchemaLines
{
    private const int MostSaid = 5, LongestSaid = 500;

    private ArrayBufferWriter<byte>? _open;
    private long _bytes;

    public List<ReadOnlyMemory<byte>> Parts { get; } = [];

    /// <summary>Last words of Nix where it could not evaluate; made harmless.</summary>
    public List<string> Said { get; } = [];

    /// <summary>Where the files of the configuration lay while they were evaluated.</summary>
    public SourceRoots Roots { get; } = new();

    public bool Whole { get; private set; } = true;

    public bool Ended { get; private set; }

    /// <summary>False when it is more than any schema.</summary>
    public bool Take(ReadOnlySpan<byte> line)
    {
        if (line is [(byte)'=', .. var piece])
        {
            _open?.Write(piece);
            return (_bytes += piece.Length) <= OptionsJson.MostBytes;
        }

        if (line.StartsWith("root\t"u8))
        {
            Roots.Take(Encoding.UTF8.GetString(line).Split('\t'));
            return true;
        }

        if (line.StartsWith("said\t"u8))
        {
            if (Said.Count < MostSaid && ServerText.Harmless(Encoding.UTF8.GetString(line[5..]), LongestSaid).Trim() is { Length: > 0 } said)
            {
                Said.Add(said);
            }

            return true;
        }

        var word = Encoding.ASCII.GetString(line.Length > 64 ? line[..64] : line);
        if (word == "part")
        {
            _open = new ArrayBufferWriter<byte>();
        }
        else if (word == "part-end" && _open is not null)
        {
            Parts.Add(_open.WrittenMemory);
            _open = null;
        }
        else if (word.StartsWith("bare\t", StringComparison.Ordinal) || word.StartsWith("failed\t", StringComparison.Ordinal))
        {
            Whole = false;
        }
        else if (word == "end")
        {
            Ended = true;
        }

        return Parts.Count <= 10_000;
    }
}
