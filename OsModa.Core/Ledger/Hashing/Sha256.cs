using System.Security.Cryptography;

namespace OsModa.Core.Ledger.Hashing;

/// <summary>
/// The hashes of RFC 9162, section 2.1.1. What is at most <see cref="FastSha256.MostBytes"/> goes to OpenSSL directly, since .NET's own call costs
/// more than the hash itself; where OpenSSL does not give the right answers to the self-test, everything goes through .NET.
/// </summary>
public static class Sha256
{
    internal const int NoPrefix = -1;
    internal const int LeafPrefix = 0;
    internal const int NodePrefix = 1;

    [ThreadStatic]
    private static FastSha256? _fast;

    /// <summary>The root of the tree without leaves.</summary>
    public static TreeHash EmptyRoot { get; } = TreeHash.From(SHA256.HashData([]));

    /// <summary>Whether OpenSSL is called directly.</summary>
    public static bool IsDirect { get; } = FastSha256.Works();

    public static TreeHash Plain(ReadOnlySpan<byte> data) => Hash(NoPrefix, data);

    /// <summary>SHA-256(0x00 || record).</summary>
    public static TreeHash Leaf(ReadOnlySpan<byte> record) => Hash(LeafPrefix, record);

    /// <summary>SHA-256(0x01 || left || right).</summary>
    public static TreeHash Node(in TreeHash left, in TreeHash right)
    {
        if (IsDirect)
        {
            return (_fast ??= new FastSha256()).Node(left, right);
        }

        Span<byte> both = stackalloc byte[2 * TreeHash.Bytes];
        left.CopyTo(both);
        right.CopyTo(both[TreeHash.Bytes..]);
        return ThroughDotNet(NodePrefix, both);
    }

    internal static TreeHash Hash(int prefix, ReadOnlySpan<byte> data) => IsDirect && data.Length <= FastSha256.MostBytes
        ? (_fast ??= new FastSha256()).Hash(prefix, data)
        : ThroughDotNet(prefix, data);

    internal static TreeHash ThroughDotNet(int prefix, ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (prefix >= 0)
        {
            hash.AppendData([(byte)prefix]);
        }

        hash.AppendData(data);
        Span<byte> digest = stackalloc byte[TreeHash.Bytes];
        hash.GetHashAndReset(digest);
        return TreeHash.From(digest);
    }
}
