using System.Threading.RateLimiting;

namespace OsModa.Dashboard.Composition;

/// <summary>How often one address may try what can be guessed. Setting <c>Limits:GuessesPerMinute</c>.</summary>
internal static class RateLimits
{
    public const string Guesses = "guesses";

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var perMinute = builder.Configuration.GetValue("Limits:GuessesPerMinute", 20);
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.AddPolicy(Guesses, http => RateLimitPartition.GetFixedWindowLimiter(
                http.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) }));
        });
    }
}
