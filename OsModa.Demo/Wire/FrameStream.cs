using System.Buffers.Text;
using System.Text;

namespace OsModa.Demo.Wire;

/// <summary>
/// Frames of one run of observe.sh, as OsModa.Core/Observation/Protocol.md has them. One writer, <c>m</c>, counts them all.
/// Whoever writes holds the server's lock; a frame is begun, filled and ended in one go.
/// </summary>
internal sealed class FrameStream(LineQueue lines)
{
    /// <summary>A frame with its line feed is at most so long.</summary>
    public const int FrameBytes = 4000;

    // Frames are written one at a time on a thread: one scratch for it serves any number of streams.
    [ThreadStatic]
    private static byte[]? t_scratch;

    private readonly byte[] _boot = new byte[8];
    private byte[] _frame = [];
    private int _length;
    private long _count;
    private long _setStart;
    private long _innerStart;
    private long _passed;

    /// <summary>Frames written so far.</summary>
    public long Count => _count;

    /// <summary>From here on frames carry this boot id.</summary>
    public void Boot(Guid bootId) => Encoding.ASCII.GetBytes(bootId.ToString("D").AsSpan(0, 8), _boot);

    public FrameStream Begin(ReadOnlySpan<byte> kind)
    {
        _frame = t_scratch ??= new byte[FrameBytes];
        _length = 0;
        _count++;
        Put(kind);
        Put("\tm"u8);
        Put(_count);
        Put("\t"u8);
        Put(_boot);
        return this;
    }

    /// <summary>Adds a field of our own text: ASCII without anything to escape.</summary>
    public FrameStream Field(ReadOnlySpan<byte> plain)
    {
        Put("\t"u8);
        Put(plain);
        return this;
    }

    public FrameStream Field(long number)
    {
        Put("\t"u8);
        Put(number);
        return this;
    }

    /// <summary>Adds any text, escaped and cut to <paramref name="most"/> bytes.</summary>
    public FrameStream Field(string text, int most = 300)
    {
        Put("\t"u8);
        Escape(text, most);
        return this;
    }

    public FrameStream Field(ReadOnlySpan<byte> key, long number)
    {
        Field(key);
        Put("="u8);
        Put(number);
        return this;
    }

    public FrameStream Field(ReadOnlySpan<byte> key, string text, int most = 300)
    {
        Field(key);
        Put("="u8);
        Escape(text, most);
        return this;
    }

    public void End() => lines.Add(_frame.AsSpan(0, _length));

    /// <summary>A line that a program printed, passed through; here all such are of writer <c>e</c>.</summary>
    public void Pass(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> line)
    {
        _frame = t_scratch ??= new byte[FrameBytes];
        _length = 0;
        Put("="u8);
        Put(kind);
        Put(" e "u8);
        Put(_boot);
        Put(":"u8);
        Put(++_passed);
        Put(":"u8);
        Put(line);
        End();
    }

    /// <summary>Begins a set; a set within the snapshot counts for both.</summary>
    public void BeginSet(ReadOnlySpan<byte> name, long mono)
    {
        Begin("begin"u8).Field(name).Field(mono).End();
        if (name.SequenceEqual("snapshot"u8))
        {
            _setStart = _count;
        }
        else
        {
            _innerStart = _count;
        }
    }

    public void EndSet(ReadOnlySpan<byte> name)
    {
        var between = _count - (name.SequenceEqual("snapshot"u8) ? _setStart : _innerStart);
        Begin("end"u8).Field(name).Field(between).End();
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        // What a frame cannot hold is left out; texts are cut before, so this is for the field that was one too many.
        if (bytes.Length <= FrameBytes - 1 - _length)
        {
            bytes.CopyTo(_frame.AsSpan(_length));
            _length += bytes.Length;
        }
    }

    private void Put(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var length);
        Put(digits[..length]);
    }

    private void Escape(string text, int most)
    {
        var end = Math.Min(FrameBytes - 1, _length + most);
        Span<byte> one = stackalloc byte[6];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.Value switch
            {
                '\t' => Escaped(one, 't'),
                '\n' => Escaped(one, 'n'),
                '\r' => Escaped(one, 'r'),
                '\\' => Escaped(one, '\\'),
                < 0x20 => Control(one, rune.Value),
                _ => rune.EncodeToUtf8(one),
            };
            if (_length + length > end)
            {
                return;
            }

            Put(one[..length]);
        }
    }

    private static int Escaped(Span<byte> into, char letter)
    {
        (into[0], into[1]) = ((byte)'\\', (byte)letter);
        return 2;
    }

    private static int Control(Span<byte> into, int value)
    {
        "\\u00"u8.CopyTo(into);
        Utf8Formatter.TryFormat((byte)value, into[4..], out _, new System.Buffers.StandardFormat('x', 2));
        return 6;
    }
}
