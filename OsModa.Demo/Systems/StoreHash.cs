using System.Security.Cryptography;
using System.Text;
using OsModa.Core.Nix;

namespace OsModa.Demo.Systems;

/// <summary>Store paths as Nix would make them: the hash names what goes in, so the same contents have the same path and any change another.</summary>
internal static class StoreHash
{
    private const string Alphabet = "0123456789abcdfghijklmnpqrsvwxyz";

    public static StorePath Of(string name, params IEnumerable<string> contents)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name + "\n" + string.Join('\n', contents)));
        return StorePath.Parse(string.Create(null, stackalloc char[48], $"/nix/store/{Base32(bytes)}-{name}"));
    }

    /// <summary>Lower-case hexadecimal digits out of a text, such as a commit or an invocation id.</summary>
    public static string Hex(string text, int digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];

    private static string Base32(byte[] bytes) => string.Create(32, bytes, static (text, from) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            // Five bits of 160, from any of two neighbouring bytes.
            var bit = i * 5;
            var pair = (from[bit / 8] << 8) | from[(bit / 8) + 1];
            text[i] = Alphabet[(pair >> (11 - (bit % 8))) & 31];
        }
    });
}
