using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OsModa.Core.Ledger.Hashing.Lanes;

/// <summary>The compression function of FIPS 180-4, section 6.2.2, on sixteen messages side by side: lane <c>i</c> of each vector belongs to message <c>i</c>.</summary>
internal static unsafe class LaneRounds
{
    public const int StateWords = 8;
    public const int ScheduleWords = 64;

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
    /// <param name="w">Room for <see cref="ScheduleWords"/> vectors, of which the first sixteen are the block.</param>
    /// <param name="counts">All bits set in the lanes whose message has such a block; the state of others stays.</param>
    public static void Compress(Vector512<uint>* state, Vector512<uint>* w, Vector512<uint> counts)
    {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        fixed (uint* k = K)
        {
            // Eight rounds a turn: after them each letter is back at its place, so nothing is moved.
            for (var t = 0; t < ScheduleWords; t += 8)
            {
                h = First(e, f, g, h, w[t], k[t]);
                d += h;
                h += Second(a, b, c);
                g = First(d, e, f, g, w[t + 1], k[t + 1]);
                c += g;
                g += Second(h, a, b);
                f = First(c, d, e, f, w[t + 2], k[t + 2]);
                b += f;
                f += Second(g, h, a);
                e = First(b, c, d, e, w[t + 3], k[t + 3]);
                a += e;
                e += Second(f, g, h);
                d = First(a, b, c, d, w[t + 4], k[t + 4]);
                h += d;
                d += Second(e, f, g);
                c = First(h, a, b, c, w[t + 5], k[t + 5]);
                g += c;
                c += Second(d, e, f);
                b = First(g, h, a, b, w[t + 6], k[t + 6]);
                f += b;
                b += Second(c, d, e);
                a = First(f, g, h, a, w[t + 7], k[t + 7]);
                e += a;
                a += Second(b, c, d);

                // Words for sixteen rounds on, here so that the processor has something to do while one round waits for the other.
                for (var i = t + 16; i < t + 24 && i < ScheduleWords; i++)
                {
                    w[i] = SmallSigma(w[i - 2], 17, 19, 10) + w[i - 7] + (SmallSigma(w[i - 15], 7, 18, 3) + w[i - 16]);
                }
            }
        }

        (state[0], state[1], state[2], state[3]) = (state[0] + (a & counts), state[1] + (b & counts), state[2] + (c & counts), state[3] + (d & counts));
        (state[4], state[5], state[6], state[7]) = (state[4] + (e & counts), state[5] + (f & counts), state[6] + (g & counts), state[7] + (h & counts));
    }

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
