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
                http.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) }));
            limiter.AddPolicy(Witnessing, http => RateLimitPartition.GetFixedWindowLimiter(
                http.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = 600, Window = TimeSpan.FromMinutes(1) }));
        });
    }
}
