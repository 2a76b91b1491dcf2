using System.Collections.Immutable;
using System.Text;
using OsModa.Core.Ssh;

namespace OsModa.Core.Nix;

/// <summary>Asks a server for the closures of its systems, in one round trip for all of them.</summary>
public static class ClosureReader
{
    /// <summary>Bytes of an answer: far above the 3.6 MB that fifty generations of 800 paths take.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Sizes of those systems that the server holds; empty when it holds none. Sizes never change for a path, but what is exclusive
    /// depends on the other systems: ask for all generations together.
    /// </summary>
    /// <exception cref="ConnectionException">The connection failed, or the answer is more than <see cref="MostBytes"/>.</exception>
    /// <exception cref="FormatException">The answer is of no known shape.</exception>
    public static async Task<ImmutableDictionary<StorePath, ClosureSize>> MeasureAsync(
        IRemoteShell shell, IReadOnlyCollection<StorePath> systems, CancellationToken cancellationToken)
    {
        if (systems.Count == 0)
        {
            return ImmutableDictionary<StorePath, ClosureSize>.Empty;
        }

        return await ReadAsync(shell, systems, cancellationToken) is var (shape, told)
            ? Sizes(shape, told, systems)
            : ImmutableDictionary<StorePath, ClosureSize>.Empty;
    }

    /// <summary>All paths that those systems need which the server holds, with what each names; empty when it holds none, or its Nix does not tell what names what.</summary>
    /// <exception cref="ConnectionException">The connection failed, or the answer is more than <see cref="MostBytes"/>.</exception>
    /// <exception cref="FormatException">The answer is of no known shape.</exception>
    public static async Task<ImmutableDictionary<StorePath, StorePathInfo>> PathsAsync(
        IRemoteShell shell, IReadOnlyCollection<StorePath> systems, CancellationToken cancellationToken) =>
        await ReadAsync(shell, systems, cancellationToken) is ("json", var told) ? PathInfoJson.Parse(told) : ImmutableDictionary<StorePath, StorePathInfo>.Empty;

    private static async Task<(string? Shape, ReadOnlyMemory<byte> Told)?> ReadAsync(IRemoteShell shell, IReadOnlyCollection<StorePath> systems, CancellationToken cancellationToken)
    {
        var run = await shell.StartAsync(RemoteScript.Embedded("closures.sh"), [.. systems.Distinct().Select(system => system.Text)], cancellationToken);
        await using (run)
        {
            using var answer = new MemoryStream();
            string? shape = null;
            await foreach (var line in run.ReadLinesAsync(cancellationToken))
            {
                if (shape is null)
                {
                    shape = Encoding.ASCII.GetString(line.Span);
                    continue;
                }

                answer.Write(line.Span);
                if (shape == "list")
                {
                    answer.WriteByte((byte)'\n');
                }

                if (answer.Length > MostBytes)
                {
                    throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, "The server's answer about its store is larger than 64 MiB, so it was not read to the end."));
                }
            }

            return await run.ExitStatus == 0 ? (shape, answer.GetBuffer().AsMemory(0, (int)answer.Length)) : null;
        }
    }

    private static ImmutableDictionary<StorePath, ClosureSize> Sizes(string? shape, ReadOnlyMemory<byte> told, IReadOnlyCollection<StorePath> systems) => shape switch
    {
        "json" => ClosureMeasure.Measure(systems, PathInfoJson.Parse(told)),
        "list" => ClosureList.Measure(Encoding.UTF8.GetString(told.Span)),
        _ => throw new FormatException("closures.sh answered in a shape that is not known."),
    };
}
