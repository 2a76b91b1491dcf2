using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OsModa.Benchmarks.Circuits;

/// <summary>Writes the part of MessagePack that a circuit's client needs (https://github.com/msgpack/msgpack/blob/master/spec.md).</summary>
internal sealed class PackWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>What was written, with its length before it as SignalR frames binary messages: 7 bits a byte, lowest first.</summary>
    public ReadOnlyMemory<byte> Framed()
    {
        var framed = new ArrayBufferWriter<byte>(_buffer.WrittenCount + 5);
        var rest = (uint)_buffer.WrittenCount;
        do
        {
            framed.Write([(byte)(rest > 0x7F ? (rest & 0x7F) | 0x80 : rest)]);
            rest >>= 7;
        }
        while (rest > 0);

        framed.Write(_buffer.WrittenSpan);
        return framed.WrittenMemory;
    }

    public PackWriter Array(int count) => Bytes((byte)(0x90 | count));

    public PackWriter EmptyMap() => Bytes(0x80);

    public PackWriter Nil() => Bytes(0xC0);

    public PackWriter Bool(bool value) => Bytes((byte)(value ? 0xC3 : 0xC2));

    public PackWriter Int(long value)
    {
        var span = _buffer.GetSpan(9);
        span[0] = 0xD3;
        BinaryPrimitives.WriteInt64BigEndian(span[1..], value);
        _buffer.Advance(9);
        return this;
    }

    public PackWriter Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        var span = _buffer.GetSpan(5 + length);
        span[0] = 0xDB;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        Encoding.UTF8.GetBytes(value, span[5..]);
        _buffer.Advance(5 + length);
        return this;
    }

    private PackWriter Bytes(byte value)
    {
        _buffer.Write([value]);
        return this;
    }
}
