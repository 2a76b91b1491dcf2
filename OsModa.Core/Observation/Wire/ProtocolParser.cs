using System.Collections.Immutable;
using OsModa.Core.Nix;
using OsModa.Core.Ssh;

namespace OsModa.Core.Observation.Wire;

/// <summary>
/// Makes events out of the lines of one run of observe.sh (Protocol.md). It takes any bytes whatsoever: what does not fit is dropped and
/// counted, never an exception. One object a run, one caller at a time.
/// </summary>
/// <param name="time">Clock that events are stamped by.</param>
public sealed class ProtocolParser(TimeProvider time)
{
    /// <summary>The version of the protocol that is spoken.</summary>
    public const int Version = 1;

    private const int WriterCount = 26;
    private readonly WriterTrack[] _writers = new WriterTrack[WriterCount];
    private readonly UnitNames _names = new();
    private uint? _boot;
    private Guid _bootId;
    private bool _eventsBegun;

    public ParserTally Tally { get; } = new();

    /// <summary>A hello has come.</summary>
    public bool Begun => _boot is not null;

    /// <summary>Reads one line, without its line feed. Null: it tells nothing by itself, or was dropped.</summary>
    public ServerEvent? Read(ReadOnlySpan<byte> line)
    {
        if (line.Length >= RemoteLimits.LineBytes)
        {
            return Drop("long");
        }

        if (!Frame.TryRead(line, out var frame))
        {
            return line.IsEmpty ? null : Drop("shape");
        }

        if (_boot is null && !frame.Kind.SequenceEqual("hello"u8))
        {
            return Drop("order");
        }

        if (_boot is { } boot && boot != frame.Boot)
        {
            Drop("boot");
            return new ServerEvent.StreamTorn(Now, "The server has restarted.");
        }

        var writer = _writers[frame.Writer - 'a'] ??= new WriterTrack();
        var whole = writer.Follows(frame.Count);
        var told = frame.PassedThrough ? ReadPassed(frame) : ReadFields(frame, writer);
        return whole ? told : new ServerEvent.StreamTorn(Now, "A part of what the server told was lost.");
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private ServerEvent? Drop(string reason)
    {
        Tally.Break(reason);
        return null;
    }

    private ServerEvent? LeaveOut()
    {
        Tally.LeftOut++;
        return null;
    }

    private ServerEvent? ReadFields(Frame frame, WriterTrack writer)
    {
        Tally.Frames++;
        var fields = new Fields(frame.Rest);
        switch (frame.Kind)
        {
            case var k when k.SequenceEqual("beat"u8):
                return fields.Number() is { } mono ? new ServerEvent.Beat(Now, mono) : Drop("fields");
            case var k when k.SequenceEqual("unit"u8):
                return ReadUnit(ref fields, writer);
            case var k when k.SequenceEqual("load"u8):
                return Frames.Load(ref fields, Now) ?? Drop("fields");
            case var k when k.SequenceEqual("pins"u8):
                return new ServerEvent.PinsTold(Now, Frames.Pins(ref fields));
            case var k when k.SequenceEqual("generation"u8):
                return ReadGeneration(ref fields, writer);
            case var k when k.SequenceEqual("begin"u8):
                return writer.Begin(fields.Next(), fields.Number()) ? null : Drop("set");
            case var k when k.SequenceEqual("end"u8):
                return ReadEnd(ref fields, writer);
            case var k when k.SequenceEqual("gone"u8):
                return _names.Find(fields.Next()) is { } gone ? new ServerEvent.UnitGone(Now, gone) : Drop("fields");
            case var k when k.SequenceEqual("words"u8):
                return new ServerEvent.Said(Now, Frames.Words(ref fields, _names));
            case var k when k.SequenceEqual("lock"u8):
                return new ServerEvent.SwitchLockTold(Now, fields.Yes());
            case var k when k.SequenceEqual("op"u8):
                return new ServerEvent.OperationTold(Now, Frames.Operation(fields.Rest));
            case var k when k.SequenceEqual("mark"u8):
                return JournalCursor.TryParse(fields.Text(JournalCursor.LengthMost + 1), out var mark) ? new ServerEvent.Logged(Now, LoggedEntry.Mark(mark, _bootId)) : null;
            case var k when k.SequenceEqual("ledger"u8):
                return new ServerEvent.ChainTouched(Now);
            case var k when k.SequenceEqual("fact"u8):
                return new ServerEvent.FactTold(Now, fields.Text(20), fields.Text(200));
            case var k when k.SequenceEqual("trouble"u8):
                return new ServerEvent.TroubleTold(Now, fields.Text(40), fields.Text(300));
            case var k when k.SequenceEqual("hello"u8):
                return ReadHello(frame, ref fields);
            case var k when k.SequenceEqual("bye"u8):
                return null;
            default:
                Tally.Frames--;
                Tally.Unknown++;
                return null;
        }
    }

    private ServerEvent? ReadHello(Frame frame, ref Fields fields)
    {
        if (_boot is not null)
        {
            return Drop("order");
        }

        if (fields.Number() != Version || Frames.BootId(ref fields) is not { } bootId)
        {
            return Drop("fields");
        }

        (_boot, _bootId) = (frame.Boot, bootId);
        var (wall, mono) = (fields.Moment(), fields.Number());
        fields.Next();
        return new ServerEvent.Hello(Now, bootId, wall, mono ?? 0, fields.Yes());
    }

    private ServerEvent? ReadUnit(ref Fields fields, WriterTrack writer)
    {
        if (_names.Find(fields.Next()) is not { } name)
        {
            return Drop("fields");
        }

        if (Frames.Unit(ref fields) is not { } change)
        {
            return Drop("fields");
        }

        var report = new UnitReport(name, change);
        if (!writer.InUnits)
        {
            return new ServerEvent.UnitTold(Now, report);
        }

        return writer.Add(report) ? null : LeaveOut();
    }

    private ServerEvent? ReadGeneration(ref Fields fields, WriterTrack writer)
    {
        if (!writer.InGenerations)
        {
            return Drop("order");
        }

        if (Frames.Generation(ref fields) is not { } generation)
        {
            return Drop("fields");
        }

        return writer.Add(generation) ? null : LeaveOut();
    }

    private ServerEvent? ReadEnd(ref Fields fields, WriterTrack writer)
    {
        var set = writer.End(fields.Next(), fields.Number());
        return set switch
        {
            { Kind: SetKind.Units } => new ServerEvent.UnitsListed(Now, set.Mono, [.. set.Units]),
            { Kind: SetKind.Generations } => new ServerEvent.GenerationsListed(Now, [.. set.Generations]),
            { Kind: SetKind.Snapshot } => new ServerEvent.SnapshotEnded(Now),
            _ => Torn(),
        };
    }

    private ServerEvent.StreamTorn Torn()
    {
        Drop("set");
        return new ServerEvent.StreamTorn(Now, "A list of the server was not whole.");
    }

    private ServerEvent? ReadPassed(Frame frame)
    {
        Tally.Frames++;
        switch (frame.Kind)
        {
            case var k when k.SequenceEqual("bus"u8):
                return BusSignal.TryRead(frame.Rest, _names, out var signal) ? Told(signal) : Drop("json");
            case var k when k.SequenceEqual("journal"u8):
                return JournalObject.TryRead(frame.Rest, Frames.WordsMost, out var entry) ? new ServerEvent.Said(Now, Frames.Words(entry)) : Drop("json");
            case var k when k.SequenceEqual("event"u8):
                return ReadEvent(frame);
            case var k when k.SequenceEqual("op"u8):
                return new ServerEvent.OperationTold(Now, Frames.Operation(frame.Rest));
            default:
                Tally.Frames--;
                Tally.Unknown++;
                return null;
        }
    }

    // A reader of the journal that was started anew begins at the cursor of this run: all would come twice.
    private ServerEvent? ReadEvent(Frame frame)
    {
        if (frame.Count == 1 && _eventsBegun)
        {
            return new ServerEvent.StreamTorn(Now, "The journal of the server is read anew.");
        }

        _eventsBegun = true;
        return JournalObject.TryRead(frame.Rest, Frames.WordsMost, out var entry) && Frames.Logged(entry) is { } logged ? new ServerEvent.Logged(Now, logged) : Drop("json");
    }

    private ServerEvent? Told(BusSignal signal) => signal switch
    {
        { Reloading: { } begins } => new ServerEvent.UnitsReloading(Now, begins),
        { Removed: true, Unit: { } unit } => new ServerEvent.UnitGone(Now, unit),
        { Change: { } change, Unit: { } unit } => new ServerEvent.UnitTold(Now, new UnitReport(unit, change)),
        _ => null,
    };
}
