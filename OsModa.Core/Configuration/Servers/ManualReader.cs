using System.Buffers;
using System.Collections.Immutable;
using OsModa.Core.Ssh;

namespace OsModa.Core.Configuration;

/// <summary>Fetches the <c>options.json</c> that a server has in its store: the way where nothing can be evaluated.</summary>
internal static class ManualReader
{
    /// <exception cref="ConnectionException">The connection failed, or the file makes no sense.</exception>
    public static async Task<ImmutableArray<Option>> ReadAsync(IRemoteShell shell, string file, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var ended = false;
        var run = await shell.StartAsync(RemoteScript.Embedded("manual.sh"), [file], cancellationToken);
        await using (run)
        {
            await foreach (var line in run.ReadLinesAsync(cancellationToken))
            {
                ended = line.Span.SequenceEqual("end"u8);
                if (line.Span is [(byte)'=', .. var piece])
                {
                    bytes.Write(piece);
                }

                if (bytes.WrittenCount > OptionsJson.MostBytes)
                {
                    break;
                }
            }
        }

        try
        {
            return ended ? [.. OptionsManual.Read(bytes.WrittenMemory)] : throw new FormatException("The server's options.json did not arrive to its end.");
        }
        catch (FormatException odd)
        {
            throw new ConnectionException(new ConnectionFault(ConnectionFaultKind.Misbehaving, odd.Message), odd);
        }
    }
}
