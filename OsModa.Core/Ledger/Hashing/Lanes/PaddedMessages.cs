using System.Runtime.InteropServices;

namespace OsModa.Core.Ledger.Hashing.Lanes;

/// <param name="At">Where it begins.</param>
/// <param name="Blocks">Of 64 bytes, with the padding.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PaddedMessage(int At, int Blocks);

/// <summary>Messages one after the other, each padded to whole blocks.</summary>
internal sealed class PaddedMessages
{
    private readonly List<PaddedMessage> _messages = [];
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private int _used;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _used);

    public ReadOnlySpan<PaddedMessage> Messages => CollectionsMarshal.AsSpan(_messages);

    public void Clear()
    {
        _messages.Clear();
        _used = 0;
    }

    /// <param name="prefix">A byte that goes before the data; none when negative.</param>
    /// <param name="data">Copied.</param>
    public void Add(int prefix, ReadOnlySpan<byte> data)
    {
        var length = data.Length + (prefix < 0 ? 0 : 1);
        var whole = FastSha256.PaddedLength(length);
        if (_used + whole > _bytes.Length)
        {
            var larger = GC.AllocateUninitializedArray<byte>(2 * (_used + whole), pinned: true);
            Bytes.CopyTo(larger);
            _bytes = larger;
        }

        var message = _bytes.AsSpan(_used, whole);
        if (prefix >= 0)
        {
            message[0] = (byte)prefix;
        }

        data.CopyTo(message[(length - data.Length)..]);
        FastSha256.Pad(message, length);
        _messages.Add(new PaddedMessage(_used, whole / LaneSha256.Block));
        _used += whole;
    }
}
