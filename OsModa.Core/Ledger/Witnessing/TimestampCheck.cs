using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using OsModa.Core.Ledger.Hashing;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>What a token of a time-stamping authority is worth.</summary>
/// <param name="At">When it was stamped, by the clock of the authority.</param>
/// <param name="Signer">Whom the certificate names that it is signed with; anybody can make one of any name.</param>
/// <param name="Wrong">Why it says nothing of what was to be stamped; null when it does.</param>
/// <param name="Distrusted">Why the authority is not to be believed; null when it is, or when nobody asked.</param>
public sealed record TimestampVerdict(DateTimeOffset At, string Signer, string? Wrong, string? Distrusted);

/// <summary>Checks tokens of RFC 3161, without a network.</summary>
public static class TimestampCheck
{
    /// <summary>A token with its certificates has some six thousand.</summary>
    public const int MostBytes = 64 * 1024;

    private const string TokenInfo = "1.2.840.113549.1.9.16.1.4";
    private const string Sha256Id = "2.16.840.1.101.3.4.2.1";
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private static readonly string[] Digests = [Sha256Id, "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];    // SHA-256, -384, -512

    /// <param name="token">A CMS message in DER.</param>
    /// <param name="stamped">The bytes that it has to be of.</param>
    /// <param name="roots">Whom the authority has to lead back to; null: nobody is asked for trust.</param>
    public static TimestampVerdict Check(ReadOnlyMemory<byte> token, ReadOnlySpan<byte> stamped, TimestampRoots? roots)
    {
        try
        {
            return Read(token, out var cms) is { } info ? Check(token, cms, info, stamped, roots) : Wrong("It is no time stamp of RFC 3161.");
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return Wrong("It is no time stamp of RFC 3161.");
        }
    }

    /// <summary>What a token says, of which nothing was checked; null when it is none.</summary>
    internal static Rfc3161TimestampTokenInfo? Read(ReadOnlyMemory<byte> token, out SignedCms cms)
    {
        cms = new SignedCms();
        try
        {
            cms.Decode(token.Span);
            return cms.ContentInfo.ContentType.Value == TokenInfo && Rfc3161TimestampTokenInfo.TryDecode(cms.ContentInfo.Content, out var info, out var length) && length == cms.ContentInfo.Content.Length ? info : null;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return null;
        }
    }

    // .NET's own reader of tokens says of a wrong one only that it is none: what can be told apart is looked at before.
    private static TimestampVerdict Check(ReadOnlyMemory<byte> token, SignedCms cms, Rfc3161TimestampTokenInfo info, ReadOnlySpan<byte> stamped, TimestampRoots? roots)
    {
        if (info.HashAlgorithmId.Value != Sha256Id || !info.GetMessageHash().Span.SequenceEqual(Sha256.Plain(stamped).AsSpan()))
        {
            return Wrong("It stamps something else than this.", info.Timestamp);
        }

        if (cms.SignerInfos is not [{ Certificate: { } named, DigestAlgorithm.Value: var digest }])
        {
            return Wrong("It has not the one certificate that it is signed with.", info.Timestamp);
        }

        var signer = ServerText.Harmless(named.GetNameInfo(X509NameType.SimpleName, forIssuer: false), 128);
        var wrong = !Digests.Contains(digest, StringComparer.Ordinal) ? "It is signed over a hash that is weaker than SHA-256."
            : !IsForTimeStamping(named) ? "It is signed with a certificate that is not for time stamps alone."
            : info.Timestamp < new DateTimeOffset(named.NotBefore) || info.Timestamp > new DateTimeOffset(named.NotAfter) ? "It is signed with a certificate that was not valid at that time."
            : !Rfc3161TimestampToken.TryDecode(token, out var read, out var length) || length != token.Length || !read.VerifySignatureForData(stamped, out _) ? "Its signature is not right."
            : null;
        return new TimestampVerdict(info.Timestamp, signer, wrong, wrong is null ? roots?.Distrust(named, cms.Certificates, info.Timestamp) : null);
    }

    // What is thrown where bytes of a stranger are no message, certificate or key.
    private static bool IsUnreadable(Exception e) => e is CryptographicException or ArgumentException or InvalidOperationException or NotSupportedException or FormatException or ArithmeticException;

    // RFC 3161, section 2.3: this one purpose and no other, and the certificate has to insist on it.
    private static bool IsForTimeStamping(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().ToList() is [{ Critical: true, EnhancedKeyUsages: [{ Value: TimeStamping }] }];

    private static TimestampVerdict Wrong(string why, DateTimeOffset at = default) => new(at, "", why, null);
}
