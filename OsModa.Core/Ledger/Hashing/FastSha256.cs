using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OsModa.Core.Ledger.Hashing;

/// <summary>
/// SHA-256 with one call into OpenSSL a message: the message is padded here (FIPS 180-4, section 5.1.1) and handed to <c>SHA256_Update</c> in whole blocks, which
/// is its compression function and nothing else; the state is then the digest. One instance a thread.
/// The layout of the state is that of <c>SHA256_CTX</c> in openssl/sha.h: eight words of state, two of length, sixteen of data, two counters.
/// </summary>
internal sealed unsafe class FastSha256
{
    /// <summary>Longest message: an entry of a bundle cannot be longer either.</summary>
    public const int MostBytes = 65_535;

    private const int Block = 64;
    private const int PaddingLeast = 9;

    // The call may not be interrupted by the garbage collector, which a call of this length (4 µs) can bear.
    private const int MostBytesACall = 8 * 1024;

    private static readonly delegate* unmanaged[SuppressGCTransition]<State*, byte*, nuint, int> Update =
        (delegate* unmanaged[SuppressGCTransition]<State*, byte*, nuint, int>)LibCrypto.Find("SHA256_Update");

    private readonly byte[] _message = GC.AllocateUninitializedArray<byte>(MostBytes + 1 + PaddingLeast + Block, pinned: true);
    private readonly byte[] _node = GC.AllocateArray<byte>(2 * Block, pinned: true);

    /// <summary>The state before the first block (FIPS 180-4, section 5.3.3).</summary>
    public static ReadOnlySpan<uint> Begin => [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    public FastSha256() => Pad(_node, 1 + (2 * TreeHash.Bytes));

    /// <summary>Tries it on messages of every length up to two blocks beyond one, and on long ones.</summary>
    public static bool Works()
    {
        if (Update == null)
        {
            return false;
        }

        var fast = new FastSha256();
        Span<byte> data = new byte[MostBytes];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = (byte)(i * 7);
        }

        for (var length = 0; length <= 3 * Block; length++)
        {
            if (fast.Hash(-1, data[..length]) != Sha256.ThroughDotNet(-1, data[..length]) || fast.Hash(0, data[..length]) != Sha256.ThroughDotNet(0, data[..length]))
            {
                return false;
            }
        }

        var (left, right) = (TreeHash.From(data[..32]), TreeHash.From(data[32..64]));
        return fast.Hash(0, data) == Sha256.ThroughDotNet(0, data) && fast.Node(left, right) == Sha256.ThroughDotNet(1, data[..64]);
    }

    /// <param name="prefix">A byte that goes before the data; none when negative.</param>
    /// <param name="data">At most <see cref="MostBytes"/>.</param>
    public TreeHash Hash(int prefix, ReadOnlySpan<byte> data)
    {
        var at = 0;
        if (prefix >= 0)
        {
            _message[at++] = (byte)prefix;
        }

        data.CopyTo(_message.AsSpan(at));
        return Digest(_message, Pad(_message, at + data.Length));
    }

    public TreeHash Node(in TreeHash left, in TreeHash right)
    {
        _node[0] = 1;
        left.CopyTo(_node.AsSpan(1));
        right.CopyTo(_node.AsSpan(1 + TreeHash.Bytes));
        return Digest(_node, _node.Length);
    }

    /// <summary>How long a message is with its padding: whole blocks.</summary>
    public static int PaddedLength(int length) => (length + PaddingLeast + Block - 1) / Block * Block;

    /// <summary>Pads a message that is followed by room enough.</summary>
    /// <returns><see cref="PaddedLength"/>.</returns>
    public static int Pad(Span<byte> message, int length)
    {
        var whole = PaddedLength(length);
        message[length..whole].Clear();
        End(message[..whole], length, length);
        return whole;
    }

    /// <summary>Pads the last blocks of a message.</summary>
    /// <param name="blocks">Zero behind the message.</param>
    /// <param name="end">Where it ends in them.</param>
    /// <param name="length">Of all of the message.</param>
    public static void End(Span<byte> blocks, int end, int length)
    {
        blocks[end] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(blocks[^8..], (ulong)length * 8);
    }

    private static TreeHash Digest(byte[] pinned, int length)
    {
        State state = default;
        state.Begin();
        var message = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        for (var at = 0; at < length; at += MostBytesACall)
        {
            _ = Update(&state, message + at, (nuint)Math.Min(MostBytesACall, length - at));
        }

        var words = new Span<uint>(state.Words, 8);
        BinaryPrimitives.ReverseEndianness(words, words);
        return MemoryMarshal.Read<TreeHash>(MemoryMarshal.AsBytes(words));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct State
    {
        public fixed uint Words[8];
        private fixed uint _length[2];
        private fixed uint _data[16];
        private readonly uint _used;
        private uint _digestLength;

        public void Begin()
        {
            FastSha256.Begin.CopyTo(MemoryMarshal.CreateSpan(ref Words[0], FastSha256.Begin.Length));
            _digestLength = TreeHash.Bytes;
        }
    }
}
