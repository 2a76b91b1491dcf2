using System.Buffers.Binary;
using System.Text;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Notes;

/// <summary>C2SP tlog-cosignature, version 1 for Ed25519: eight bytes of time, big endian, then the signature over time and checkpoint.</summary>
internal static class Cosignature
{
    private const int TimeBytes = 8;
    private const long LastSecond = 253_402_300_799;    // of the year 9999

    /// <param name="seconds">Since the Unix epoch.</param>
    /// <param name="text">Of the checkpoint, with its last newline.</param>
    public static byte[] Message(long seconds, string text) => Encoding.UTF8.GetBytes($"cosignature/v1\ntime {seconds}\n{text}");

    public static byte[] Bytes(long seconds, ReadOnlySpan<byte> signature)
    {
        var bytes = new byte[TimeBytes + signature.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, seconds);
        signature.CopyTo(bytes.AsSpan(TimeBytes));
        return bytes;
    }

    /// <summary>By the witness's clock; null when it is no time of a calendar, or no such signature. The signature is not checked here.</summary>
    public static DateTimeOffset? TimeOf(NoteSignature signature) => TryRead(signature, out var seconds, out _) && seconds <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>False when the length is wrong, or the time beyond 2^63 - 1, which the specification forbids.</summary>
    public static bool TryRead(NoteSignature signature, out long seconds, out ReadOnlyMemory<byte> sealedBytes)
    {
        var fits = signature.Bytes.Length == TimeBytes + Ed25519.SignatureBytes;
        seconds = fits ? BinaryPrimitives.ReadInt64BigEndian(signature.Bytes.Span) : -1;
        sealedBytes = fits ? signature.Bytes[TimeBytes..] : default;
        return seconds >= 0;
    }
}
