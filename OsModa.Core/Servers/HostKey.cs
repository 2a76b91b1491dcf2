using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace OsModa.Core.Servers;

/// <summary>A public host key as a server shows it, checked: the type is a known one and the key says the same type.</summary>
public sealed record HostKey
{
    /// <summary>All types that are accepted, best first.</summary>
    public static readonly IReadOnlyList<string> Types = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];

    private const int Longest = 8 * 1024;
    private readonly byte[] _blob;

    private HostKey(string type, byte[] blob) => (Type, _blob) = (type, blob);

    /// <summary>Such as <c>ssh-ed25519</c>.</summary>
    public string Type { get; }

    /// <summary>Base 64 as in known_hosts.</summary>
    public string Key => Convert.ToBase64String(_blob);

    /// <summary><c>SHA256:…</c> as ssh-keygen -l prints it.</summary>
    public string Fingerprint => "SHA256:" + Convert.ToBase64String(Digest).TrimEnd('=');

    /// <summary>Length in bits, and the name that people know the type by: <c>256 ED25519</c>, <c>3072 RSA</c>.</summary>
    public (int Bits, string Name) Strength => Type switch
    {
        "ssh-ed25519" => (256, "ED25519"),
        "ssh-rsa" => (RsaBits(), "RSA"),
        _ => (int.Parse(Type.AsSpan(^3)), "ECDSA"),
    };

    internal byte[] Digest => SHA256.HashData(_blob);

    public static bool TryParse(string? type, string? key, [NotNullWhen(true)] out HostKey? hostKey)
    {
        hostKey = null;
        if (type is null || key is null || key.Length > Longest || !Types.Contains(type))
        {
            return false;
        }

        var blob = new byte[key.Length];
        if (!Convert.TryFromBase64String(key, blob, out var length) || Field(blob.AsSpan(0, length), 0) is not { } named || Encoding.ASCII.GetString(named) != type)
        {
            return false;
        }

        hostKey = new HostKey(type, blob[..length]);
        return hostKey.Strength.Bits >= 256;
    }

    public bool Equals(HostKey? other) => other is not null && _blob.AsSpan().SequenceEqual(other._blob);

    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(Digest);

    public override string ToString() => $"{Type} {Fingerprint}";

    // RFC 4253 section 6.6: the type, e and n, each with its length in four bytes before it; n begins with a zero byte if its first bit is set.
    private int RsaBits()
    {
        var n = (Field(_blob, 2) ?? []).AsSpan().TrimStart((byte)0);
        return n.IsEmpty ? 0 : (n.Length * 8) - System.Numerics.BitOperations.LeadingZeroCount((uint)n[0] << 24);
    }

    private static byte[]? Field(ReadOnlySpan<byte> blob, int index)
    {
        while (blob.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(blob);
            if (length > (uint)(blob.Length - 4))
            {
                return null;
            }

            if (index-- == 0)
            {
                return blob.Slice(4, (int)length).ToArray();
            }

            blob = blob[(4 + (int)length)..];
        }

        return null;
    }
}
