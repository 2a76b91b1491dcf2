namespace OsModa.Core.Ledger.Hashing;

/// <summary>
/// Base 64 of RFC 4648, section 4, of which only one spelling is taken: no white space, padding where it belongs, unused bits zero. Otherwise a
/// byte of a signed text could be changed and everything would still verify.
/// </summary>
internal static class StrictBase64
{
    public static bool TryDecode(string text, Span<byte> bytes, out int length) =>
        Convert.TryFromBase64String(text, bytes, out length)
        && Convert.ToBase64String(bytes[..length]) == text;

    /// <summary>Null when it is not base 64.</summary>
    public static byte[]? Decode(string text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        return TryDecode(text, bytes, out var length) ? bytes[..length] : null;
    }
}
