using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Core.Operations;
using OsModa.Core.SafeSwitch;
using OsModa.Core.Servers;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <param name="Path">Below <c>/etc/nixos</c>; text of the server, made harmless.</param>
/// <param name="Why">One sentence.</param>
public sealed record FileLeft(string Path, string Why);

/// <summary>What a server has in <c>/etc/nixos</c>, as far as it is taken in. Whatever a server sends is limited in number and size, and holds no private keys.</summary>
/// <param name="Kind">With a flake or without.</param>
/// <param name="Host">What the server calls itself: the name of its system in a flake.</param>
/// <param name="System">What runs.</param>
/// <param name="Files">By their paths below <c>/etc/nixos</c>.</param>
/// <param name="Executables">Which of them are executable.</param>
/// <param name="Left">What was not taken in, and why.</param>
internal sealed record ServerFiles(SourceKind Kind, string Host, StorePath System, ImmutableSortedDictionary<string, byte[]> Files, ImmutableSortedSet<string> Executables, ImmutableArray<FileLeft> Left)
{
    private const int MostPacked = 8 * 1024 * 1024;

    private static readonly RemoteScript Script = RemoteScript.Embedded("adopt.sh") with { NeedsRoot = true };

    /// <summary>Those of the files that hold what looks like a secret.</summary>
    public ImmutableArray<FileExposed> Exposed { get; } = FileExposed.Among(Files);

    /// <returns>The files, or why they cannot be taken in.</returns>
    public static async Task<Result<ServerFiles>> ReadAsync(ShellOf shells, ServerId server, CancellationToken cancellationToken)
    {
        try
        {
            var lines = new AdoptionLines();
            var shell = await shells(server, cancellationToken);
            var run = await shell.StartAsync(Script, [], cancellationToken);
            await using (run)
            {
                await foreach (var line in run.ReadLinesAsync(cancellationToken))
                {
                    if (!lines.Take(line.Span, MostPacked))
                    {
                        return FieldErrors.Of("", $"The files in /etc/nixos are more than {MostPacked / 1024 / 1024} MiB packed. Move what is no configuration elsewhere.");
                    }
                }
            }

            return lines.Failure is { } why ? FieldErrors.Of("", JournalLine.Harmless(why))
                : lines is { Ended: true, Kind: { } kind, System: { } system } ? ServerArchive.Unpack(kind, lines.Host, system, lines)
                : FieldErrors.Of("", "The server did not tell what it is configured with.");
        }
        catch (ConnectionException lost)
        {
            return FieldErrors.Of("", lost.Fault.Detail);
        }
    }

    /// <summary>Whether a file that was read before is there no more. One that is left out now is there still, as far as it is known what was left out.</summary>
    /// <param name="path">Below <c>/etc/nixos</c>.</param>
    public bool IsGone(string path) =>
        !Files.ContainsKey(path) && Left.Length < AdoptionLines.MostLeft && !Left.Any(left => path == left.Path || path.StartsWith($"{left.Path}/", StringComparison.Ordinal));

    /// <summary>Which are executable, by their paths in a repository where they lie in a folder.</summary>
    public ImmutableSortedSet<string> ExecutablesIn(string folder) => Executables.Select(path => $"{folder}/{path}").ToImmutableSortedSet(StringComparer.Ordinal);
}
