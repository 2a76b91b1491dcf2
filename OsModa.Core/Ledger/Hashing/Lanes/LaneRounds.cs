using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OsModa.Core.Ledger.Hashing.Lanes;

/// <summary>The compression function of FIPS 180-4, section 6.2.2, on sixteen messages side by side: lane <c>i</c> of each vector belongs to message <c>i</c>.</summary>
internal static unsafe class LaneRounds
{
    public const int StateWords = 8;
    public const int BlockWords = 16;
    private const int ScheduleWords = 64;

    // FIPS 180-4, section 4.2.2.
    private static readonly uint[] K =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>One block of each message.</summary>
    /// <param name="state"><see cref="StateWords"/> vectors.</param>
    /// <param name="w">The block: <see cref="BlockWords"/> vectors.</param>
    /// <param name="counts">All bits set in the lanes whose message has such a block; the state of others stays.</param>
    public static void Compress(Vector512<uint>* state, Vector512<uint>* w, Vector512<uint> counts)
    {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        // All of it stays in registers: eight letters and sixteen words of the schedule, each of which is the word for sixteen rounds on as soon as it was used.
        var (w0, w1, w2, w3, w4, w5, w6, w7) = (w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
        var (w8, w9, w10, w11, w12, w13, w14, w15) = (w[8], w[9], w[10], w[11], w[12], w[13], w[14], w[15]);
        fixed (uint* constants = K)
        {
            // After eight rounds each letter is back at its place, so nothing is moved.
            var k = constants;
            for (; k < constants + ScheduleWords - BlockWords; k += BlockWords)
            {
                Round(a, b, c, ref d, e, f, g, ref h, w0, k[0]);
                Extend(ref w0, w1, w9, w14);
                Round(h, a, b, ref c, d, e, f, ref g, w1, k[1]);
                Extend(ref w1, w2, w10, w15);
                Round(g, h, a, ref b, c, d, e, ref f, w2, k[2]);
                Extend(ref w2, w3, w11, w0);
                Round(f, g, h, ref a, b, c, d, ref e, w3, k[3]);
                Extend(ref w3, w4, w12, w1);
                Round(e, f, g, ref h, a, b, c, ref d, w4, k[4]);
                Extend(ref w4, w5, w13, w2);
                Round(d, e, f, ref g, h, a, b, ref c, w5, k[5]);
                Extend(ref w5, w6, w14, w3);
                Round(c, d, e, ref f, g, h, a, ref b, w6, k[6]);
                Extend(ref w6, w7, w15, w4);
                Round(b, c, d, ref e, f, g, h, ref a, w7, k[7]);
                Extend(ref w7, w8, w0, w5);
                Round(a, b, c, ref d, e, f, g, ref h, w8, k[8]);
                Extend(ref w8, w9, w1, w6);
                Round(h, a, b, ref c, d, e, f, ref g, w9, k[9]);
                Extend(ref w9, w10, w2, w7);
                Round(g, h, a, ref b, c, d, e, ref f, w10, k[10]);
                Extend(ref w10, w11, w3, w8);
                Round(f, g, h, ref a, b, c, d, ref e, w11, k[11]);
                Extend(ref w11, w12, w4, w9);
                Round(e, f, g, ref h, a, b, c, ref d, w12, k[12]);
                Extend(ref w12, w13, w5, w10);
                Round(d, e, f, ref g, h, a, b, ref c, w13, k[13]);
                Extend(ref w13, w14, w6, w11);
                Round(c, d, e, ref f, g, h, a, ref b, w14, k[14]);
                Extend(ref w14, w15, w7, w12);
                Round(b, c, d, ref e, f, g, h, ref a, w15, k[15]);
                Extend(ref w15, w0, w8, w13);
            }

            Round(a, b, c, ref d, e, f, g, ref h, w0, k[0]);
            Round(h, a, b, ref c, d, e, f, ref g, w1, k[1]);
            Round(g, h, a, ref b, c, d, e, ref f, w2, k[2]);
            Round(f, g, h, ref a, b, c, d, ref e, w3, k[3]);
            Round(e, f, g, ref h, a, b, c, ref d, w4, k[4]);
            Round(d, e, f, ref g, h, a, b, ref c, w5, k[5]);
            Round(c, d, e, ref f, g, h, a, ref b, w6, k[6]);
            Round(b, c, d, ref e, f, g, h, ref a, w7, k[7]);
            Round(a, b, c, ref d, e, f, g, ref h, w8, k[8]);
            Round(h, a, b, ref c, d, e, f, ref g, w9, k[9]);
            Round(g, h, a, ref b, c, d, e, ref f, w10, k[10]);
            Round(f, g, h, ref a, b, c, d, ref e, w11, k[11]);
            Round(e, f, g, ref h, a, b, c, ref d, w12, k[12]);
            Round(d, e, f, ref g, h, a, b, ref c, w13, k[13]);
            Round(c, d, e, ref f, g, h, a, ref b, w14, k[14]);
            Round(b, c, d, ref e, f, g, h, ref a, w15, k[15]);
        }

        (state[0], state[1], state[2], state[3]) = (state[0] + (a & counts), state[1] + (b & counts), state[2] + (c & counts), state[3] + (d & counts));
        (state[4], state[5], state[6], state[7]) = (state[4] + (e & counts), state[5] + (f & counts), state[6] + (g & counts), state[7] + (h & counts));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, ref Vector512<uint> d, Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, ref Vector512<uint> h, Vector512<uint> w, uint k)
    {
        var first = First(e, f, g, h, w, k);
        d += first;
        h = first + Second(a, b, c);
    }

    /// <param name="w">The word of a round, and then of the one sixteen later.</param>
    /// <param name="w1">Of the next round.</param>
    /// <param name="w9">Of the ninth from here.</param>
    /// <param name="w14">Of the fourteenth.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Extend(ref Vector512<uint> w, Vector512<uint> w1, Vector512<uint> w9, Vector512<uint> w14) =>
        w = (SmallSigma(w14, 17, 19, 10) + w9) + (SmallSigma(w1, 7, 18, 3) + w);

    // T1. What is there first is added first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> First(Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, Vector512<uint> h, Vector512<uint> w, uint k) =>
        (h + (w + Vector512.Create(k)) + Avx512F.TernaryLogic(e, f, g, 0xca)) + Xor(Avx512F.RotateRight(e, 6), Avx512F.RotateRight(e, 11), Avx512F.RotateRight(e, 25));

    // T2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Second(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Xor(Avx512F.RotateRight(a, 2), Avx512F.RotateRight(a, 13), Avx512F.RotateRight(a, 22)) + Avx512F.TernaryLogic(a, b, c, 0xe8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> SmallSigma(Vector512<uint> x, [ConstantExpected] byte first, [ConstantExpected] byte second, [ConstantExpected] byte shift) =>
        Xor(Avx512F.RotateRight(x, first), Avx512F.RotateRight(x, second), Avx512F.ShiftRightLogical(x, shift));

    // Truth tables: 0x96 is one bit or three of the three, 0xca the second where the first is set and the third where not, 0xe8 the majority.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Xor(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z) => Avx512F.TernaryLogic(x, y, z, 0x96);
}
