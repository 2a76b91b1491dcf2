using System.IO.Compression;
using System.Text;
using OsModa.Core.Observation;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Servers;

namespace OsModa.Tests.Observation;

/// <summary>What observe.sh told on real servers of the lab, line by line.</summary>
internal static class Recording
{
    public static IReadOnlyList<byte[]> Lines(string name)
    {
        var type = typeof(Recording);
        using var file = type.Assembly.GetManifestResourceStream($"{name}.stream.gz") ?? throw new FileNotFoundException(name);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        return [.. Encoding.Latin1.GetString(bytes.ToArray()).Split('\n').Where(line => line.Length > 0).Select(Encoding.Latin1.GetBytes)];
    }

    /// <summary>The states after each event, the clock going on by <paramref name="pace"/> with every beat.</summary>
    public static IEnumerable<ServerState> Replay(IEnumerable<byte[]> lines, HandClock clock, ServerState? from = null, TimeSpan? pace = null)
    {
        var parser = new ProtocolParser(clock);
        var state = from ?? new ServerState { Server = new ServerId(Guid.Parse("0198c0de-0000-7000-8000-000000000001")) };
        foreach (var line in lines)
        {
            var told = parser.Read(line);
            if (told is ServerEvent.Beat)
            {
                clock.Advance(pace ?? TimeSpan.FromSeconds(1));
            }

            if (told is not null)
            {
                state = state.Apply(told);
                yield return state;
            }
        }
    }
}
