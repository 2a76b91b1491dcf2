using System.Text;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>What a server's system is made of, as the server says.</summary>
/// <param name="Source">Where it is evaluated from; null where there is nothing to evaluate.</param>
/// <param name="Stamp">Changes when its files do; null where it could not be told.</param>
/// <param name="Manual">An <c>options.json</c> in its store, absolute; null where there is none.</param>
public sealed record SourceOnServer(SchemaSource? Source, string? Stamp, string? Manual)
{
    /// <summary>Where the channel's nixpkgs lies, absolute: the same path on two servers is the same nixpkgs. Null where there is none.</summary>
    public string? Nixpkgs { get; init; }

    /// <summary>Asks a server.</summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public static async Task<SourceOnServer> AskAsync(IRemoteShell shell, CancellationToken cancellationToken)
    {
        SchemaSource? source = null;
        string? stamp = null, manual = null, nixpkgs = null;
        var run = await shell.StartAsync(RemoteScript.Embedded("schema-source.sh"), [], cancellationToken);
        await using (run)
        {
            var lines = 0;
            await foreach (var line in run.ReadLinesAsync(cancellationToken))
            {
                if (++lines > 16)
                {
                    break;
                }

                switch (Encoding.UTF8.GetString(line.Span).Split('\t'))
                {
                    case ["flake", ['/', ..] place, var name] when name.Length is > 0 and <= 64:
                        source = new FlakeSource(place, name);
                        break;
                    case ["file", ['/', ..] place]:
                        source = new FileSource(place);
                        break;
                    case ["channel"]:
                        source = new ChannelSource();
                        break;
                    case ["nixpkgs", ['/', ..] place]:
                        nixpkgs = place;
                        break;
                    case ["stamp", { Length: 64 } told]:
                        stamp = told;
                        break;
                    case ["manual", ['/', ..] place]:
                        manual = place;
                        break;
                }
            }
        }

        return new SourceOnServer(source, stamp, manual) { Nixpkgs = nixpkgs };
    }
}
