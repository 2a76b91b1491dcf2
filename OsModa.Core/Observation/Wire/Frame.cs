using System.Buffers.Text;

namespace OsModa.Core.Observation.Wire;

/// <summary>One line of the protocol, taken apart but not yet understood (Protocol.md, "A frame"). Refers to the line's bytes.</summary>
internal readonly ref struct Frame
{
    private Frame(ReadOnlySpan<byte> kind, byte writer, long count, uint boot, ReadOnlySpan<byte> rest, bool passedThrough)
    {
        Kind = kind;
        Writer = writer;
        Count = count;
        Boot = boot;
        Rest = rest;
        PassedThrough = passedThrough;
    }

    public ReadOnlySpan<byte> Kind { get; }

    /// <summary>A letter from a to z.</summary>
    public byte Writer { get; }

    public long Count { get; }

    /// <summary>The first 32 bits of the boot id.</summary>
    public uint Boot { get; }

    /// <summary>The fields behind the boot, still escaped; or the text of a line that was passed through.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    /// <summary>It is of the second shape.</summary>
    public bool PassedThrough { get; }

    public static bool TryRead(ReadOnlySpan<byte> line, out Frame frame) =>
        line is [(byte)'=', .. var rest] ? TryReadPassed(rest, out frame) : TryReadFields(line, out frame);

    private static bool TryReadFields(ReadOnlySpan<byte> line, out Frame frame)
    {
        frame = default;
        var fields = new Fields(line);
        var kind = fields.Next();
        var stamp = fields.Next();
        if (!IsKind(kind) || stamp.Length < 2 || !IsLetter(stamp[0]) || !TryCount(stamp[1..], out var count) || !TryBoot(fields.Next(), out var boot))
        {
            return false;
        }

        frame = new Frame(kind, stamp[0], count, boot, fields.Rest, passedThrough: false);
        return true;
    }

    // kind SPACE writer SPACE boot COLON count COLON text
    private static bool TryReadPassed(ReadOnlySpan<byte> line, out Frame frame)
    {
        frame = default;
        var space = line.IndexOf((byte)' ');
        if (space < 1 || !IsKind(line[..space]) || line.Length < space + 14 || !IsLetter(line[space + 1]) || line[space + 2] != ' '
            || !TryBoot(line.Slice(space + 3, 8), out var boot) || line[space + 11] != ':')
        {
            return false;
        }

        var behind = line[(space + 12)..];
        var colon = behind.IndexOf((byte)':');
        if (colon < 1 || !TryCount(behind[..colon], out var count))
        {
            return false;
        }

        frame = new Frame(line[..space], line[space + 1], count, boot, behind[(colon + 1)..], passedThrough: true);
        return true;
    }

    private static bool IsKind(ReadOnlySpan<byte> kind)
    {
        foreach (var b in kind)
        {
            if (b != '-' && !IsLetter(b))
            {
                return false;
            }
        }

        return kind.Length is >= 1 and <= 20;
    }

    private static bool IsLetter(byte b) => b is >= (byte)'a' and <= (byte)'z';

    private static bool TryCount(ReadOnlySpan<byte> text, out long count) =>
        Utf8Parser.TryParse(text, out count, out var read) && read == text.Length && count > 0 && text[0] is >= (byte)'0' and <= (byte)'9';

    private static bool TryBoot(ReadOnlySpan<byte> text, out uint boot)
    {
        boot = 0;
        return text.Length == 8 && Utf8Parser.TryParse(text, out boot, out var read, 'x') && read == 8;
    }
}
