using Microsoft.Extensions.Logging.Console;

namespace OsModa.Dashboard.Composition;

/// <summary>What the process needs whatever it serves: address, logs, clock, error pages, headers, health.</summary>
public static class HostSetup
{
    public const string DefaultAddress = "http://127.0.0.1:5080";

    public static void AddHost(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        builder.WebHost.UseStaticWebAssets();    // also when started from the build's output, outside of Development
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        });
        builder.AddConsoleLog();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Preparation>();
        builder.Services.AddHealthChecks();
        builder.AddRateLimits();
    }

    // JSON for machines that collect it, lines for people: those who develop, and those who started it with ./run.
    private static void AddConsoleLog(this WebApplicationBuilder builder)
    {
        var format = builder.Configuration["Logging:Console:FormatterName"]
            ?? (builder.Environment.IsDevelopment() ? ConsoleFormatterNames.Simple : ConsoleFormatterNames.Json);
        builder.Logging.ClearProviders().AddConsole(console => console.FormatterName = format);
        builder.Services.Configure<SimpleConsoleFormatterOptions>(line => line.SingleLine = true);
        builder.Services.Configure<JsonConsoleFormatterOptions>(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
    }

    public static void UseHost(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseBrokenPage();
        app.UseStatusCodePagesWithReExecute(ErrorPages.NothingHerePath, "?status={0}");
        app.UseRouting();
        app.UseMiddleware<SameOriginSockets>();
        app.UsePreparation();
    }

    public static void MapHost(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous().WithMetadata(new NeedsNoData());
        // What a browser asks for while a page has not named its icon yet.
        app.MapGet("/favicon.ico", static () => Results.LocalRedirect("/favicon/unknown.svg")).AllowAnonymous();
        app.MapHealthChecks("/healthz").AllowAnonymous();
        app.MapErrorPages();
    }
}
