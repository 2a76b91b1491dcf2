using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace OsModa.Dashboard.Composition;

/// <summary>How often one address may try what can be guessed. Setting <c>Limits:GuessesPerMinute</c>.</summary>
internal static class RateLimits
{
    public const string Guesses = "guesses";

    /// <summary>Heads that logs send to be cosigned: one a second and log, with some room.</summary>
    public const string Witnessing = "witnessing";

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var perMinute = builder.Configuration.GetValue("Limits:GuessesPerMinute", 20);
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.AddPolicy(Guesses, http => RateLimitPartition.GetFixedWindowLimiter(
                Network(http.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) }));
            limiter.AddPolicy(Witnessing, http => RateLimitPartition.GetFixedWindowLimiter(
                Network(http.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = 600, Window = TimeSpan.FromMinutes(1) }));
        });
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
