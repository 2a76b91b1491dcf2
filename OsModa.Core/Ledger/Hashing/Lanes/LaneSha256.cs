using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OsModa.Core.Ledger.Hashing.Lanes;

/// <summary>
/// SHA-256 of messages that do not depend on each other, sixteen at a time in the lanes of AVX-512, those of like length together. For one message alone it is slower than OpenSSL.
/// .NET has no access to the processor's own SHA instructions. One instance a thread.
/// </summary>
internal sealed unsafe class LaneSha256
{
    public const int Block = 64;
    public const int MostBlocks = 64;
    private const int Lanes = 16;
    private const int VectorBytes = 64;

    // State, schedule, and what is half turned; on a boundary of the cache, so that no vector lies across two lines.
    private readonly byte[] _room = GC.AllocateArray<byte>(VectorBytes * (LaneRounds.StateWords + LaneRounds.BlockWords + Lanes + 1), pinned: true);
    private readonly Vector512<uint>* _state;
    private readonly int[] _ends = new int[MostBlocks + 1];
    private int[] _order = [];

    public LaneSha256() => _state = (Vector512<uint>*)((Marshal.UnsafeAddrOfPinnedArrayElement(_room, 0) + VectorBytes - 1) & -VectorBytes);

    /// <summary>The processor has what is needed, and the answers are right.</summary>
    public static bool IsSupported { get; } = Avx512F.IsSupported && Avx512BW.IsSupported && Works();

    /// <param name="padded">Messages, none longer than <see cref="MostBlocks"/>.</param>
    /// <param name="source">What they are parts of.</param>
    /// <param name="digests">Each message's at its place.</param>
    /// <exception cref="ArgumentException">It is not the source that they are parts of.</exception>
    public void Hash(PaddedMessages padded, ReadOnlySpan<byte> source, Span<TreeHash> digests)
    {
        var messages = padded.Messages;
        if (padded.SourceBytes > source.Length)
        {
            throw new ArgumentException($"Parts were added of {padded.SourceBytes} bytes, and there are {source.Length}.", nameof(source));
        }

        var order = ByLength(messages);
        fixed (byte* copied = padded.Bytes, uncopied = source)
        {
            for (; !order.IsEmpty; order = order[Math.Min(Lanes, order.Length)..])
            {
                Group(copied, uncopied, messages, order[..Math.Min(Lanes, order.Length)], digests);
            }
        }
    }

    private void Group(byte* copied, byte* uncopied, ReadOnlySpan<PaddedMessage> messages, ReadOnlySpan<int> group, Span<TreeHash> digests)
    {
        // Lanes that nobody needs do what the last one does.
        var blocks = stackalloc byte*[Lanes];
        var ends = stackalloc byte*[Lanes];
        var turns = stackalloc uint[Lanes];
        var counts = stackalloc uint[Lanes];
        for (var lane = 0; lane < Lanes; lane++)
        {
            ref readonly var message = ref messages[group[Math.Min(lane, group.Length - 1)]];
            ends[lane] = copied + message.At;
            blocks[lane] = message.Uncopied > 0 ? uncopied + message.Source : ends[lane];
            turns[lane] = (uint)message.Uncopied;
            counts[lane] = (uint)message.Blocks;
        }

        for (var i = 0; i < LaneRounds.StateWords; i++)
        {
            _state[i] = Vector512.Create(FastSha256.Begin[i]);
        }

        var (least, most) = (counts[0], counts[Lanes - 1]);
        for (var done = 0u; done < most; done++)
        {
            var schedule = _state + LaneRounds.StateWords;
            LaneWords.Load(blocks, schedule, schedule + LaneRounds.BlockWords);
            LaneRounds.Compress(_state, schedule, done < least ? Vector512<uint>.AllBitsSet : Vector512.GreaterThan(Vector512.Load(counts), Vector512.Create(done)));
            for (var (lane, next) = (0, done + 1); lane < Lanes; lane++)
            {
                blocks[lane] = next == turns[lane] ? ends[lane] : blocks[lane] + (next < counts[lane] ? Block : 0);
            }
        }

        var halves = _state + LaneRounds.StateWords;
        LaneWords.Digests(_state, halves);
        for (var lane = 0; lane < group.Length; lane++)
        {
            var half = (byte*)halves + LaneWords.Half(lane);
            ref var digest = ref Unsafe.As<TreeHash, byte>(ref digests[messages[group[lane]].Place]);
            Vector128.Load(half).StoreUnsafe(ref digest);
            Vector128.Load(half + VectorBytes).StoreUnsafe(ref digest, (nuint)Vector128<byte>.Count);
        }
    }

    // Sorted by counting, shortest first.
    private ReadOnlySpan<int> ByLength(ReadOnlySpan<PaddedMessage> messages)
    {
        if (_order.Length < messages.Length)
        {
            _order = new int[messages.Length];
        }

        Array.Clear(_ends);
        foreach (var message in messages)
        {
            _ends[message.Blocks]++;
        }

        for (var i = 1; i < _ends.Length; i++)
        {
            _ends[i] += _ends[i - 1];
        }

        for (var i = messages.Length - 1; i >= 0; i--)
        {
            _order[--_ends[messages[i].Blocks]] = i;
        }

        return _order.AsSpan(0, messages.Length);
    }

    private static bool Works()
    {
        var padded = new PaddedMessages();
        var expected = new List<TreeHash>();
        for (var length = 0; length < 5 * Block; length += 3)
        {
            var data = new byte[length];
            data.AsSpan().Fill((byte)length);
            padded.Add(expected.Count, Sha256.NoPrefix, data);
            expected.Add(Sha256.ThroughDotNet(Sha256.NoPrefix, data));
        }

        var digests = new TreeHash[expected.Count];
        new LaneSha256().Hash(padded, default, digests);
        return digests.AsSpan().SequenceEqual(expected.ToArray());
    }
}
