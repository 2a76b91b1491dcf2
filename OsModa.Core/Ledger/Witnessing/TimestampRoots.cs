using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OsModa.Core.Observation.Wire;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>
/// Which certificates a time-stamping authority has to lead back to. Nothing is fetched for that: neither certificates that are missing nor whether one was revoked, so that it can be told without a network,
/// and so that an answer cannot make us ask anybody.
/// </summary>
public sealed class TimestampRoots
{
    private const long MostBytes = 1024 * 1024;
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private readonly X509Certificate2Collection? _certificates;

    private TimestampRoots(X509Certificate2Collection? certificates) => _certificates = certificates;

    /// <summary>Those that this machine trusts for everything.</summary>
    public static TimestampRoots OfSystem { get; } = new(null);

    /// <param name="path">A PEM file with one certificate or more; those between authority and root may be among them.</param>
    /// <exception cref="FormatException">It has none, or is not there.</exception>
    public static TimestampRoots Read(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
            {
                throw new FormatException($"{path} is too large to be a file of certificates.");
            }

            certificates.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"The certificates in {path} cannot be read: {e.Message}", e);
        }

        return certificates.Count > 0 ? new TimestampRoots(certificates) : throw new FormatException($"{path} has no certificate. It is a text (PEM) with parts that begin with -----BEGIN CERTIFICATE-----.");
    }

    /// <summary>Why the one who signed is not to be believed; null when it leads back to one of these.</summary>
    /// <param name="signer">Certificate of the authority.</param>
    /// <param name="others">That came with it.</param>
    /// <param name="at">When it signed: everything has to have been valid then.</param>
    internal string? Distrust(X509Certificate2 signer, X509Certificate2Collection others, DateTimeOffset at)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = at.UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(TimeStamping));
        policy.ExtraStore.AddRange(others);
        if (_certificates is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_certificates);
        }

        return chain.Build(signer) ? null
            : $"Its certificate does not lead to {(_certificates is null ? "one that this machine trusts" : "one of those that are trusted for it")} ({string.Join(' ', chain.ChainStatus.Select(static status => ServerText.Harmless(status.StatusInformation.Trim(), 200)).Distinct())})";
    }
}
