using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using OsModa.Core.Ledger.Hashing;

namespace OsModa.Core.Ledger.Witnessing;

/// <summary>Asks a time-stamping authority over HTTP (RFC 3161, section 3.4). It gets a hash and nothing else.</summary>
/// <param name="http">That follows no redirects.</param>
/// <param name="time">For how long it is waited.</param>
internal sealed class TimestampAuthority(HttpClient http, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int NonceBytes = 16;
    private static readonly MediaTypeHeaderValue Query = new("application/timestamp-query");
    private static readonly MediaTypeWithQualityHeaderValue Reply = new("application/timestamp-reply");

    /// <summary>A client that goes where it is sent and nowhere else.</summary>
    public static HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <param name="url">Of the authority.</param>
    /// <param name="stamped">What is to be stamped.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Its token, of which nothing was checked but that it is the answer to this question; or why there is none.</returns>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    public async Task<(ReadOnlyMemory<byte> Token, string? Why)> AskAsync(Uri url, ReadOnlyMemory<byte> stamped, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        var request = Rfc3161TimestampRequest.CreateFromHash(Sha256.Plain(stamped.Span).ToArray(), HashAlgorithmName.SHA256, requestedPolicyId: null, RandomNumberGenerator.GetBytes(NonceBytes), requestSignerCertificates: true);
        using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(request.Encode()) };
        message.Content.Headers.ContentType = Query;
        message.Headers.Accept.Add(Reply);
        using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
        if (!answer.IsSuccessStatusCode)
        {
            return (default, $"It answered with status {(int)answer.StatusCode}.");
        }

        await using var stream = await answer.Content.ReadAsStreamAsync(either.Token);
        var buffer = new byte[TimestampCheck.MostBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, either.Token);
        return length == buffer.Length
            ? (default, $"Its answer has more than {TimestampCheck.MostBytes / 1024} KiB.")
            : TimestampAnswer.Read(buffer.AsMemory(0, length), out var token) is { } refused ? (default, refused)
            : !IsTo(request, token) ? (default, "It answered another question than was asked.")
            : (token, null);
    }

    // What cannot be read answers nothing, which the check of it says better.
    private static bool IsTo(Rfc3161TimestampRequest request, ReadOnlyMemory<byte> token) =>
        TimestampCheck.Read(token, out _) is not { } info || (info.GetNonce() is { } nonce && request.GetNonce() is { } asked && nonce.Span.SequenceEqual(asked.Span));
}
