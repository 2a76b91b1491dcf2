using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OsModa.Core.Ledger.Witnessing;

namespace OsModa.Tests.Ledger.Witnessing;

/// <summary>A time-stamping authority of RFC 3161 with a root of its own, over real HTTP on this machine; it does wrong what a test tells it to.</summary>
internal sealed class TestAuthority : IAsyncDisposable
{
    public const string Name = "Test TSA";
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private static readonly DateTimeOffset Begins = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Ends = new(2045, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-tsa-");
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private WebApplication? _host;
    private long _serial;

    public TestAuthority(HandClock clock)
    {
        At = clock.GetUtcNow;
        var request = new CertificateRequest("CN=Test root", _rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(Begins, Ends);
        Certificate = Issue(TimeStamping);
        File.WriteAllText(RootsFile, _root.ExportCertificatePem());
        Answer = asked => Granted(Token(asked));
    }

    /// <summary>PEM with the root.</summary>
    public string RootsFile => Path.Combine(_folder.FullName, "roots.pem");

    public TimestampRoots Roots => TimestampRoots.Read(RootsFile);

    /// <summary>What it signs with.</summary>
    public X509Certificate2 Certificate { get; set; }

    /// <summary>Its clock.</summary>
    public Func<DateTimeOffset> At { get; set; }

    /// <summary>What it answers.</summary>
    public Func<Rfc3161TimestampRequest, byte[]> Answer { get; set; }

    /// <summary>How it answers; null: with 200 and what <see cref="Answer"/> gives.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public int Asked { get; private set; }

    public async Task<Uri> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _host = builder.Build();
        _host.MapPost("/tsa", RunAsync);
        await _host.StartAsync();
        return new Uri(_host.Urls.First() + "/tsa");
    }

    /// <summary>A certificate by its root.</summary>
    public X509Certificate2 Issue(string purpose, bool isCritical = true, DateTimeOffset? ends = null)
    {
        var request = new CertificateRequest($"CN={Name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        if (purpose.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], isCritical));
        }

        using var bare = request.Create(_root, Begins, ends ?? Ends, [1, (byte)++_serial]);
        return bare.CopyWithPrivateKey(_key);
    }

    public byte[] Token(Rfc3161TimestampRequest asked) => Token(asked.GetMessageHash().ToArray(), asked.GetNonce()?.ToArray());

    /// <param name="hash">SHA-256 of what is stamped.</param>
    /// <param name="nonce">Of the question; null for none.</param>
    public byte[] Token(byte[] hash, byte[]? nonce)
    {
        var signed = new SignedCms(new ContentInfo(new Oid("1.2.840.113549.1.9.16.1.4"), Info(hash, nonce)));
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, Certificate) { IncludeOption = X509IncludeOption.EndCertOnly, DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1") };
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid("1.2.840.113549.1.9.16.2.47"), CertificateId()));
        signed.ComputeSignature(signer);
        return signed.Encode();
    }

    public static byte[] Granted(byte[] token) => TimestampAnswer.Of(token);

    /// <summary>An answer without a token.</summary>
    public static byte[] Refused(int status, string why)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteInteger(status);
            using (writer.PushSequence())
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, why);
            }
        }

        return writer.Encode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Certificate.Dispose();
        _root.Dispose();
        _rootKey.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task RunAsync(HttpContext context)
    {
        Asked++;
        if (Instead is not null)
        {
            await Instead(context);
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (context.Request.ContentType != "application/timestamp-query" || !Rfc3161TimestampRequest.TryDecode(body.ToArray(), out var asked, out _) || !asked.RequestSignerCertificate)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        context.Response.ContentType = "application/timestamp-reply";
        await context.Response.Body.WriteAsync(Answer(asked));
    }

    private byte[] Info(byte[] hash, byte[]? nonce)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteObjectIdentifier("1.3.6.1.4.1.99999.1");
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("2.16.840.1.101.3.4.2.1");
                    writer.WriteNull();
                }

                writer.WriteOctetString(hash);
            }

            writer.WriteInteger(++_serial);
            writer.WriteGeneralizedTime(At(), omitFractionalSeconds: true);
            if (nonce is not null)
            {
                writer.WriteInteger(nonce);
            }
        }

        return writer.Encode();
    }

    // SigningCertificateV2 (RFC 5035): the hash of the certificate, so that no other of the same key takes its place.
    private byte[] CertificateId()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(SHA256.HashData(Certificate.RawData));
        }

        return writer.Encode();
    }
}
