using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OsModa.Core.Ledger.Hashing.Lanes;

/// <param name="Blocks">Of 64 bytes, with the padding.</param>
/// <param name="Place">Of its digest among the others.</param>
/// <param name="At">Where its padded blocks begin, among those of <see cref="PaddedMessages"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PaddedMessage(int Blocks, int Place, int At)
{
    /// <summary>How many blocks before those were not copied.</summary>
    public int Uncopied { get; init; }

    /// <summary>Where these are in their source.</summary>
    public int Source { get; init; }
}

/// <summary>Messages, each padded to whole blocks. Of a part of something longer only the end is copied, where the padding comes.</summary>
internal sealed class PaddedMessages
{
    private PaddedMessage[] _messages = new PaddedMessage[256];
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private int _count;
    private int _used;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _used);

    public ReadOnlySpan<PaddedMessage> Messages => _messages.AsSpan(0, _count);

    /// <summary>How long what they are parts of must be at least.</summary>
    public int SourceBytes { get; private set; }

    public void Clear() => (_count, _used, SourceBytes) = (0, 0, 0);

    /// <param name="place">Of its digest.</param>
    /// <param name="prefix">A byte that goes before the data; none when negative.</param>
    /// <param name="data">Copied.</param>
    public void Add(int place, int prefix, ReadOnlySpan<byte> data)
    {
        var begins = prefix < 0 ? 0 : 1;
        var message = Room(FastSha256.PaddedLength(begins + data.Length));
        // Before the data, which covers most of it again: of a known length, that is faster than what is behind the data.
        message[Math.Max(0, message.Length - (2 * LaneSha256.Block))..].Clear();
        message[0] = (byte)prefix;
        data.CopyTo(message[begins..]);
        FastSha256.End(message, begins + data.Length, begins + data.Length);
        Take(new PaddedMessage(message.Length / LaneSha256.Block, place, _used), message.Length);
    }

    /// <param name="place">Of its digest.</param>
    /// <param name="source">Has to be at hand, unchanged, when the hashes are worked out.</param>
    /// <param name="at">Where the message begins in it.</param>
    /// <param name="length">In bytes.</param>
    public void AddPart(int place, ReadOnlySpan<byte> source, int at, int length)
    {
        var uncopied = length / LaneSha256.Block;
        SourceBytes = Math.Max(SourceBytes, at + length);
        var end = length % LaneSha256.Block;
        var message = Room(FastSha256.PaddedLength(end));
        CopyEnd(source[(at + length - end)..], end, message);
        FastSha256.End(message, end, length);
        Take(new PaddedMessage(uncopied + (message.Length / LaneSha256.Block), place, _used) { Uncopied = uncopied, Source = at }, message.Length);
    }

    // What follows in the source is copied along and taken away again, which is faster than copying a length that varies.
    private static void CopyEnd(ReadOnlySpan<byte> source, int length, Span<byte> blocks)
    {
        if (source.Length >= LaneSha256.Block)
        {
            (Vector512.Create(source) & Vector512.LessThan(Vector512<byte>.Indices, Vector512.Create((byte)length))).CopyTo(blocks);
            if (blocks.Length > LaneSha256.Block)
            {
                Vector512<byte>.Zero.CopyTo(blocks[LaneSha256.Block..]);
            }
        }
        else
        {
            blocks.Clear();
            source[..length].CopyTo(blocks);
        }
    }

    private void Take(PaddedMessage message, int bytes)
    {
        if (_count == _messages.Length)
        {
            Array.Resize(ref _messages, 2 * _count);
        }

        _messages[_count++] = message;
        _used += bytes;
    }

    private Span<byte> Room(int bytes)
    {
        if (_used + bytes > _bytes.Length)
        {
            var larger = GC.AllocateUninitializedArray<byte>(2 * (_used + bytes), pinned: true);
            Bytes.CopyTo(larger);
            _bytes = larger;
        }

        return _bytes.AsSpan(_used, bytes);
    }
}
