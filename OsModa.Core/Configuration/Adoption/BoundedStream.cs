namespace OsModa.Core.Configuration;

/// <summary>Reads another stream, up to a bound.</summary>
/// <param name="from">Closed with it.</param>
/// <param name="most">Bytes; when there are more, reading throws <see cref="InvalidDataException"/>.</param>
internal sealed class BoundedStream(Stream from, long most) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = from.Read(buffer);
        _read += read;
        return _read <= most ? read : throw new InvalidDataException($"There are more than {most} bytes.");
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is written.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            from.Dispose();
        }

        base.Dispose(disposing);
    }
}
