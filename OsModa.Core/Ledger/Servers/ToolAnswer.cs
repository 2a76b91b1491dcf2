using System.Globalization;
using System.Text.Json;
using OsModa.Core.Ssh;

namespace OsModa.Core.Ledger.Servers;

/// <summary>What tool-calls.sh answered. It comes from a server, so nothing in it is believed.</summary>
/// <param name="Calls">The newest first.</param>
/// <param name="IsWhole">All that was asked for has come; else only the beginning.</param>
internal sealed record ToolAnswer(IReadOnlyList<ToolCall> Calls, bool IsWhole)
{
    /// <summary>Calls that are asked for at once. Of the tool that is called most, osModa lets through thirty a minute.</summary>
    public const int Most = 500;

    /// <summary>Bytes that are taken, as the script has it. What tools were called with comes along.</summary>
    private const int BytesMost = 4 * 1024 * 1024;

    /// <summary>More than the depth that teachd reads.</summary>
    private const int DepthMost = 256;

    /// <param name="shell">Of the server.</param>
    /// <param name="since">From when on, by the server's clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: there is no teachd, or it does not answer.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    /// <exception cref="FormatException">The answer makes no sense.</exception>
    public static async Task<ToolAnswer?> AskAsync(IRemoteShell shell, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // teachd compares it as a text with times that go on behind the seconds.
        var run = await shell.StartAsync(RemoteScript.Embedded("tool-calls.sh"), [since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture), Most.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        await using (run)
        {
            PackedBytes? part = null;
            await foreach (var line in run.ReadLinesAsync(cancellationToken))
            {
                switch (line.Span)
                {
                    case var none when part is null && none.SequenceEqual("none"u8):
                        return null;
                    case var begin when part is null && begin.SequenceEqual("part"u8):
                        part = new PackedBytes(BytesMost);
                        break;
                    case [(byte)'.'] when part is not null:
                        return Read(part.Unpack() ?? throw Nonsense());
                    case var packed when part?.Add(packed) == true:
                        break;
                    default:
                        throw Nonsense();
                }
            }

            throw Nonsense();
        }
    }

    /// <summary>Reads as much of it as there is.</summary>
    /// <returns>Null for nothing at all.</returns>
    /// <exception cref="FormatException">It does not begin as a list.</exception>
    public static ToolAnswer? Read(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return null;
        }

        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = DepthMost }));
        var (calls, isBegun) = (new List<ToolCall>(), false);
        try
        {
            isBegun = reader.Read() && reader.TokenType == JsonTokenType.StartArray;
            while (isBegun && calls.Count < Most && reader.Read() && reader.TokenType != JsonTokenType.EndArray && JsonDocument.TryParseValue(ref reader, out var element))
            {
                using (element)
                {
                    if (ToolCall.Read(element.RootElement) is { } call)
                    {
                        calls.Add(call);
                    }
                }
            }
        }
        catch (JsonException)
        {
            // What stands in front of it counts.
        }

        return isBegun ? new ToolAnswer(calls, calls.Count < Most && reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == 0) : throw Nonsense();
    }

    private static FormatException Nonsense() => new("The server's answer about the calls of tools makes no sense.");
}
