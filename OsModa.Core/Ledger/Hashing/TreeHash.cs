using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OsModa.Core.Ledger.Hashing;

/// <summary>32 bytes of SHA-256.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TreeHash
{
    public const int Bytes = 32;
    private const int Base64Length = 44;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>32 zero bytes: the chain hash of records that belong to no server's chain, and what a server's first event follows.</summary>
    public static TreeHash Zero => default;

    /// <param name="bytes">Exactly <see cref="Bytes"/>.</param>
    public static TreeHash From(ReadOnlySpan<byte> bytes) => bytes.Length == Bytes
        ? MemoryMarshal.Read<TreeHash>(bytes)
        : throw new ArgumentException($"A SHA-256 hash has {Bytes} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public static bool TryParseHex(ReadOnlySpan<byte> text, out TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        var fits = text.Length == 2 * Bytes
            && !text.ContainsAnyInRange((byte)'A', (byte)'F')
            && Convert.FromHexString(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == Bytes;
        hash = fits ? From(bytes) : default;
        return fits;
    }

    /// <summary>Whether the text is this hash in lower-case hexadecimal digits; much faster than reading it.</summary>
    public bool IsHex(ReadOnlySpan<byte> text)
    {
        if (text.Length != 2 * Bytes)
        {
            return false;
        }

        // Each byte gets room for two, and its halves the digits that they stand for.
        var (low, high) = Vector256.Widen(Vector256.Create(AsSpan()));
        var pairs = Vector512.Create(low, high);
        var halves = ((pairs >>> 4) | ((pairs & Vector512.Create((ushort)0x0f)) << 8)).AsByte();
        var letters = Vector512.GreaterThan(halves, Vector512.Create((byte)9)) & Vector512.Create((byte)('a' - '0' - 10));
        return halves + Vector512.Create((byte)'0') + letters == Vector512.Create(text);
    }

    /// <summary>Base 64 of RFC 4648, section 4, in its one canonical spelling.</summary>
    public static bool TryParseBase64([NotNullWhen(true)] string? text, out TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[Bytes + 1];
        var fits = text is { Length: Base64Length } && StrictBase64.TryDecode(text, bytes, out var length) && length == Bytes;
        hash = fits ? From(bytes[..Bytes]) : default;
        return fits;
    }

    /// <summary>The bytes, as long as the value itself lives.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> AsSpan() => MemoryMarshal.AsBytes(new ReadOnlySpan<TreeHash>(in this));

    public byte[] ToArray() => AsSpan().ToArray();

    public void CopyTo(Span<byte> destination) => Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(destination[..Bytes]), this);

    public string ToBase64() => Convert.ToBase64String(AsSpan());

    public string ToHex() => Convert.ToHexStringLower(AsSpan());

    public override string ToString() => ToHex();
}
