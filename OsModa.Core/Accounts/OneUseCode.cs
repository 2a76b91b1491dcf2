using System.Buffers.Text;
using System.Security.Cryptography;

namespace OsModa.Core.Accounts;

/// <summary>A random code of 128 bits that opens one thing once. Only its SHA-256 is ever stored.</summary>
/// <param name="Text">22 characters of base 64 for URLs.</param>
/// <param name="Hash">What is stored: hexadecimal SHA-256 of the bytes behind the text.</param>
public sealed record OneUseCode(string Text, string Hash)
{
    private const int Bytes = 16;

    public static OneUseCode New()
    {
        var bytes = RandomNumberGenerator.GetBytes(Bytes);
        return new OneUseCode(Base64Url.EncodeToString(bytes), HashOf(bytes));
    }

    /// <summary>The stored form of a code that somebody brings, or null when it cannot be one.</summary>
    public static string? HashOf(string? text)
    {
        Span<byte> bytes = stackalloc byte[Bytes + 3];
        return text?.Length == 22 && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length) && length == Bytes
            ? HashOf(bytes[..Bytes])
            : null;
    }

    /// <summary>Never the code: it must not reach a log.</summary>
    public override string ToString() => "one-use code";

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
