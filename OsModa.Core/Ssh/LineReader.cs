namespace OsModa.Core.Ssh;

/// <summary>
/// Cuts a stream of hostile bytes into lines. A line beyond the limit is given out cut, and its rest is thrown away unread by anybody;
/// so memory stays below twice the limit whatever comes. Reads no further than it is asked to: a slow consumer slows the sender.
/// </summary>
internal sealed class LineReader(Stream stream, int limit = RemoteLimits.LineBytes)
{
    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _searched;
    private int _end;
    private bool _skipping;

    /// <summary>What came after the last line feed, once the stream has ended.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; }

    /// <summary>The next line in memory of its own, without the line feed; null at the end of the stream.</summary>
    public async ValueTask<byte[]?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TakeLine() is { } line)
            {
                return line;
            }

            MakeRoom();
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (count == 0)
            {
                Rest = _skipping ? default : _buffer.AsSpan(_start, _end - _start).ToArray();
                _start = _searched = _end = 0;
                return null;
            }

            _end += count;
        }
    }

    private byte[]? TakeLine()
    {
        while (true)
        {
            var at = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            var length = (at < 0 ? _end : _searched + at) - _start;
            if (at < 0 && (_skipping || length < limit))
            {
                _searched = _end;
                return null;
            }

            var line = _skipping ? null : _buffer.AsSpan(_start, Math.Min(length, limit)).ToArray();
            _skipping = at < 0;
            _start = _searched = at < 0 ? _end : _searched + at + 1;
            if (line is not null)
            {
                return line;
            }
        }
    }

    private void MakeRoom()
    {
        if (_skipping || _start == _end)
        {
            _start = _searched = _end = 0;
        }
        else if (_end == _buffer.Length && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_searched, _end, _start) = (_searched - _start, _end - _start, 0);
        }
        else if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, limit + 4096));
        }
    }
}
