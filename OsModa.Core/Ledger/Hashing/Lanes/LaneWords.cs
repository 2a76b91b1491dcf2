using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OsModa.Core.Ledger.Hashing.Lanes;

/// <summary>
/// Turns sixteen blocks of sixteen words, each message's for itself, into sixteen vectors, of which the first has the first word of each message; and eight vectors of
/// state back into sixteen digests.
/// </summary>
internal static unsafe class LaneWords
{
    private static readonly Vector512<byte> BigEndian = Vector512.Create(Vector256.Create(Bytes, Bytes), Vector256.Create(Bytes, Bytes));

    private static Vector128<byte> Bytes => Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);

    /// <param name="blocks">Sixteen addresses of 64 bytes.</param>
    /// <param name="words">Room for sixteen vectors.</param>
    /// <param name="between">The same, for what is half done.</param>
    public static void Load(byte** blocks, Vector512<uint>* words, Vector512<uint>* between)
    {
        // Four messages at a time: each quarter of a vector then has one word of all four.
        for (var i = 0; i < 4; i++)
        {
            var (r0, r1, r2, r3) = (Row(blocks[4 * i]), Row(blocks[(4 * i) + 1]), Row(blocks[(4 * i) + 2]), Row(blocks[(4 * i) + 3]));
            var (low01, high01) = (Avx512F.UnpackLow(r0, r1).AsUInt64(), Avx512F.UnpackHigh(r0, r1).AsUInt64());
            var (low23, high23) = (Avx512F.UnpackLow(r2, r3).AsUInt64(), Avx512F.UnpackHigh(r2, r3).AsUInt64());
            between[i] = Avx512F.UnpackLow(low01, low23).AsUInt32();
            between[4 + i] = Avx512F.UnpackHigh(low01, low23).AsUInt32();
            between[8 + i] = Avx512F.UnpackLow(high01, high23).AsUInt32();
            between[12 + i] = Avx512F.UnpackHigh(high01, high23).AsUInt32();
        }

        // Then the quarters: 0x88 takes the first and third of both, 0xdd the second and fourth.
        for (var i = 0; i < 4; i++)
        {
            var (a, b, c, d) = (between[4 * i], between[(4 * i) + 1], between[(4 * i) + 2], between[(4 * i) + 3]);
            var (evenAb, oddAb) = (Avx512F.Shuffle4x128(a, b, 0x88), Avx512F.Shuffle4x128(a, b, 0xdd));
            var (evenCd, oddCd) = (Avx512F.Shuffle4x128(c, d, 0x88), Avx512F.Shuffle4x128(c, d, 0xdd));
            words[i] = Avx512F.Shuffle4x128(evenAb, evenCd, 0x88);
            words[4 + i] = Avx512F.Shuffle4x128(oddAb, oddCd, 0x88);
            words[8 + i] = Avx512F.Shuffle4x128(evenAb, evenCd, 0xdd);
            words[12 + i] = Avx512F.Shuffle4x128(oddAb, oddCd, 0xdd);
        }
    }

    /// <param name="state">Eight vectors.</param>
    /// <param name="halves">Room for eight vectors: message <c>m</c> then has the first half of its digest, 16 bytes, at <see cref="Half"/> of m, and the second 64 bytes behind it.</param>
    public static void Digests(Vector512<uint>* state, Vector512<uint>* halves)
    {
        for (var half = 0; half < 2; half++)
        {
            var (a, b, c, d) = (Turned(state[4 * half]), Turned(state[(4 * half) + 1]), Turned(state[(4 * half) + 2]), Turned(state[(4 * half) + 3]));
            var (lowAb, highAb) = (Avx512F.UnpackLow(a, b).AsUInt64(), Avx512F.UnpackHigh(a, b).AsUInt64());
            var (lowCd, highCd) = (Avx512F.UnpackLow(c, d).AsUInt64(), Avx512F.UnpackHigh(c, d).AsUInt64());
            halves[half] = Avx512F.UnpackLow(lowAb, lowCd).AsUInt32();
            halves[2 + half] = Avx512F.UnpackHigh(lowAb, lowCd).AsUInt32();
            halves[4 + half] = Avx512F.UnpackLow(highAb, highCd).AsUInt32();
            halves[6 + half] = Avx512F.UnpackHigh(highAb, highCd).AsUInt32();
        }
    }

    /// <summary>Offset in bytes of the first half of a message's digest.</summary>
    public static int Half(int message) => (message % 4 * 2 * 64) + (message / 4 * 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Turned(Vector512<uint> words) => Avx512BW.Shuffle(words.AsByte(), BigEndian).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Row(byte* block) => Avx512BW.Shuffle(Vector512.Load(block), BigEndian).AsUInt32();
}
