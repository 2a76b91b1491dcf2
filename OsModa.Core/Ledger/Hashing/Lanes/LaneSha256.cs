using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OsModa.Core.Ledger.Hashing.Lanes;

/// <summary>
/// SHA-256 of many messages that do not depend on each other, sixteen at a time in the lanes of AVX-512; a lane whose message ends takes the next one. For one message alone it is slower than OpenSSL.
/// .NET has no access to the processor's own SHA instructions. One instance a thread.
/// </summary>
internal sealed unsafe class LaneSha256
{
    public const int Block = 64;
    private const int Lanes = 16;
    private const int VectorBytes = 64;
    private const int Idle = -1;
    private static readonly byte[] Nothing = GC.AllocateArray<byte>(Block, pinned: true);

    // State, schedule, and what is half turned; on a boundary of the cache, so that no vector lies across two lines.
    private readonly byte[] _room = GC.AllocateArray<byte>(VectorBytes * (LaneRounds.StateWords + LaneRounds.ScheduleWords + Lanes + 1), pinned: true);
    private readonly Vector512<uint>* _state;

    // Of each lane: its next block, how many blocks are left, and which message it is.
    private readonly nint[] _block = GC.AllocateArray<nint>(Lanes, pinned: true);
    private readonly int[] _left = new int[Lanes];
    private readonly int[] _message = new int[Lanes];
    private int _next;

    public LaneSha256() => _state = (Vector512<uint>*)((Address(_room) + VectorBytes - 1) & -VectorBytes);

    /// <summary>The processor has what is needed, and the answers are right.</summary>
    public static bool IsSupported { get; } = Avx512F.IsSupported && Avx512BW.IsSupported && Works();

    /// <param name="padded">Messages with their padding (FIPS 180-4, section 5.1.1).</param>
    /// <param name="messages">Where each of them is.</param>
    /// <param name="digests">As many as there are messages, in their order.</param>
    public void Hash(ReadOnlySpan<byte> padded, ReadOnlySpan<PaddedMessage> messages, Span<TreeHash> digests)
    {
        fixed (byte* data = padded)
        {
            _next = 0;
            var running = 0;
            for (var lane = 0; lane < Lanes; lane++)
            {
                running += TryTake(lane, data, messages) ? 1 : 0;
            }

            while (running > 0)
            {
                var schedule = _state + LaneRounds.StateWords;
                LaneWords.Load((byte**)Address(_block), schedule, schedule + LaneRounds.ScheduleWords);
                LaneRounds.Compress(_state, schedule);
                for (var lane = 0; lane < Lanes; lane++)
                {
                    if (_message[lane] == Idle)
                    {
                        continue;
                    }

                    _block[lane] += Block;
                    if (--_left[lane] == 0)
                    {
                        digests[_message[lane]] = Digest(lane);
                        running -= TryTake(lane, data, messages) ? 0 : 1;
                    }
                }
            }
        }
    }

    private bool TryTake(int lane, byte* data, ReadOnlySpan<PaddedMessage> messages)
    {
        if (_next == messages.Length)
        {
            (_message[lane], _block[lane]) = (Idle, Address(Nothing));
            return false;
        }

        (_message[lane], _block[lane], _left[lane]) = (_next, (nint)data + messages[_next].At, messages[_next].Blocks);
        _next++;
        for (var i = 0; i < LaneRounds.StateWords; i++)
        {
            ((uint*)_state)[(i * Lanes) + lane] = FastSha256.Begin[i];
        }

        return true;
    }

    private TreeHash Digest(int lane)
    {
        Span<uint> digest = stackalloc uint[LaneRounds.StateWords];
        for (var i = 0; i < digest.Length; i++)
        {
            digest[i] = BinaryPrimitives.ReverseEndianness(((uint*)_state)[(i * Lanes) + lane]);
        }

        return MemoryMarshal.Read<TreeHash>(MemoryMarshal.AsBytes(digest));
    }

    private static nint Address<T>(T[] pinned) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    // Lengths that differ, so that lanes end at different times.
    private static bool Works()
    {
        var batch = new PaddedMessages();
        var expected = new List<TreeHash>();
        for (var length = 0; length < 5 * Block; length += 3)
        {
            var data = new byte[length];
            data.AsSpan().Fill((byte)length);
            batch.Add(-1, data);
            expected.Add(Sha256.ThroughDotNet(-1, data));
        }

        var digests = new TreeHash[expected.Count];
        new LaneSha256().Hash(batch.Bytes, batch.Messages, digests);
        return digests.AsSpan().SequenceEqual(expected.ToArray());
    }
}
