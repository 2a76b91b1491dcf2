using OsModa.Core.Ledger.Servers;
using OsModa.Core.Observation.Wire;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation;

/// <summary>Why a stream is not read any further.</summary>
internal enum StreamEnd
{
    /// <summary>The script has ended.</summary>
    Ended,
    /// <summary>It is not whole; only a new one heals it.</summary>
    Torn,
    /// <summary>More than a server may send.</summary>
    Flood,
    /// <summary>Too many lines that are not of the protocol.</summary>
    Nonsense,
}

/// <summary>Reads one run of observe.sh into the state of its server.</summary>
internal sealed class StreamReading(ProtocolParser parser, Allowance allowance, ObservedState state, ServerRecording? recording)
{
    // What has arrived together is shown together; so much at once keeps a flood from hiding everything.
    private const int TogetherMost = 512;

    /// <summary>Code of the trouble that made the script end, if it told one.</summary>
    public string? Missing { get; private set; }

    /// <param name="run">The run.</param>
    /// <param name="watch">Is told of each line.</param>
    /// <param name="whole">Called when the snapshot is whole.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="OperationCanceledException">Stopped, or silent for too long.</exception>
    /// <exception cref="ConnectionException">The connection was lost.</exception>
    public async Task<StreamEnd> ReadAsync(IRemoteRun run, SilenceWatch watch, Action whole, CancellationToken stop)
    {
        await using var lines = run.ReadLinesAsync(watch.Token).GetAsyncEnumerator(stop);
        var together = 0;
        while (true)
        {
            var next = lines.MoveNextAsync();
            if (!next.IsCompleted || together >= TogetherMost)
            {
                state.Publish();
                together = 0;
            }

            if (!await next)
            {
                state.Publish();
                return StreamEnd.Ended;
            }

            watch.Heard();
            together++;
            if (Take(lines.Current.Span, watch, whole) is { } end)
            {
                state.Publish();
                return end;
            }
        }
    }

    private StreamEnd? Take(ReadOnlySpan<byte> line, SilenceWatch watch, Action whole)
    {
        if (!allowance.Take(line.Length + 1))
        {
            return StreamEnd.Flood;
        }

        var broken = parser.Tally.Broken;
        var told = parser.Read(line);
        if (parser.Tally.Broken != broken && !allowance.TakeBroken(parser.Tally.Broken - broken))
        {
            return StreamEnd.Nonsense;
        }

        switch (told)
        {
            case null:
                return null;
            case ServerEvent.StreamTorn:
                return StreamEnd.Torn;
            case ServerEvent.Logged logged:
                recording?.Take(logged.Entry);
                break;
            case ServerEvent.ChainTouched:
                recording?.Chain.Mark();
                break;
            case ServerEvent.TroubleTold { Code: "no-systemd" } trouble:
                Missing = trouble.Code;
                break;
            case ServerEvent.SnapshotEnded:
                watch.Tighten(Observer.Silence);
                whole();
                break;
        }

        state.Apply(told);
        return null;
    }
}
