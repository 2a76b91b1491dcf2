using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using OsModa.Dashboard.Identity;

namespace OsModa.Dashboard.Composition;

/// <summary>How often one address may try what can be guessed (setting <c>Limits:GuessesPerMinute</c>), and how much a person's programs may ask for at once.</summary>
internal static class RateLimits
{
    public const string Guesses = "guesses";

    /// <summary>Heads that logs send to be cosigned: one a second and log, with some room.</summary>
    public const string Witnessing = "witnessing";

    /// <summary>What a person's programs ask for: each answer may take a server or the ledger some time.</summary>
    public const string Programs = "programs";

    private const int ProgramsAtOnce = 4;
    private const int ProgramsWaiting = 8;

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var perMinute = builder.Configuration.GetValue("Limits:GuessesPerMinute", 20);
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.AddPolicy(Guesses, http => RateLimitPartition.GetFixedWindowLimiter(
                Network(http.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) }));
            limiter.AddPolicy(Programs, static http => RateLimitPartition.GetConcurrencyLimiter(
                PersonClaims.Read(http.User)?.PersonId ?? Guid.Empty,
                static _ => new ConcurrencyLimiterOptions { PermitLimit = ProgramsAtOnce, QueueLimit = ProgramsWaiting }));
            limiter.OnRejected = static (rejected, _) => RejectAsync(rejected.HttpContext);
            limiter.AddPolicy(Witnessing, http => RateLimitPartition.GetFixedWindowLimiter(
                Network(http.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = 600, Window = TimeSpan.FromMinutes(1) }));
        });
    }

    // The others get the page that belongs to the status.
    private static async ValueTask RejectAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == Programs)
        {
            http.Response.Headers.RetryAfter = "1";
            await Results.Problem(
                $"{ProgramsAtOnce} requests of your account are being answered and {ProgramsWaiting} more wait. Ask again when some of them are done.",
                statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(http);
        }
    }

    /// <summary>Whom guesses are counted for: an address, or of IPv6 the 64 bits that one customer of a network has all to themselves (RFC 6177).</summary>
    internal static string Network(IPAddress? address)
    {
        if (address is null or { AddressFamily: AddressFamily.InterNetwork })
        {
            return address?.ToString() ?? "";
        }

        var bytes = address.IsIPv4MappedToIPv6 ? address.MapToIPv4().GetAddressBytes() : address.GetAddressBytes()[..8];
        return bytes.Length == 4 ? new IPAddress(bytes).ToString() : Convert.ToHexString(bytes);
    }
}
