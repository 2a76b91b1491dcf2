using OsModa.Core.Ledger.Storing;
using OsModa.Core.Storage;
using OsModa.Demo.Life;

namespace OsModa.Dashboard.Composition;

/// <summary><c>./run --demo</c>: the same dashboard with a simulated fleet, in a data folder of its own.</summary>
internal static class DemoSetup
{
    private const string Flag = "--demo";

    /// <summary>The flag has no value, which the configuration of command lines does not know: it would take the next argument for one.</summary>
    public static string[] WithoutFlag(string[] args) => [.. args.Where(static a => a != Flag)];

    public static void AddDemo(this WebApplicationBuilder builder, string[] args)
    {
        if (!args.Contains(Flag, StringComparer.Ordinal))
        {
            return;
        }

        // Never the data of real servers: another folder, and no PostgreSQL.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Folder"] = Path.Combine(builder.Configuration["Storage:Folder"] ?? new StorageSettings().Folder, "demo"),
            ["Storage:PostgreSql"] = null,
        });
        builder.Services.AddDemo(builder.Configuration.GetSection("Demo").Get<DemoSettings>() ?? new DemoSettings());
        builder.Services.AddSingleton<DemoPassword>();
        builder.Services.AddHostedService<Colleague>();
        builder.Services.AddHostedService<Configuration>();
    }

    /// <summary>Before the database is opened: what the last demo left is deleted, unless it is to be kept.</summary>
    public static void PrepareDemo(this WebApplication app)
    {
        if (app.Services.GetService<DemoSettings>() is { Keep: false })
        {
            app.Services.GetRequiredService<DataFolder>();
            var folder = app.Services.GetRequiredService<StorageSettings>().Folder;
            foreach (var file in Directory.EnumerateFiles(folder, "*.db*"))
            {
                File.Delete(file);
            }

            var ledger = app.Services.GetRequiredService<LedgerSettings>();
            foreach (var old in new[] { ledger.GuardFolder, ledger.KeyFolder, Path.Combine(folder, "repositories") }.Where(Directory.Exists))
            {
                Directory.Delete(old, recursive: true);
            }
        }

        if (app.Services.GetService<DemoSettings>() is not null)
        {
            _ = Task.Run(() => app.Services.GetRequiredService<DemoSeed>().Prepare());      // beside the database, until the seed needs it
        }
    }

    public static async Task SeedDemoAsync(this WebApplication app)
    {
        if (app.Services.GetService<DemoSeed>() is { } seed)
        {
            var password = await seed.RunAsync(app.Lifetime.ApplicationStopping);
            app.Services.GetRequiredService<DemoPassword>().Text = password;
            if (password is null)
            {
                await AnnounceAsync(app.Services);
            }
        }
    }

    private static async Task AnnounceAsync(IServiceProvider services)
    {
        try
        {
            await services.GetRequiredService<NewChains>().AnnounceAsync();
        }
        catch (LedgerDamagedException)
        {
            // The pages say so.
        }
    }

    public static async Task PrintDemoAsync(this WebApplication app)
    {
        if (app.Services.GetService<DemoPassword>() is not { } password)
        {
            return;
        }

        var accounts = DemoSeed.Accounts.Select(static a => $"  {a.Email,-26} {a.Role.ToString().ToLowerInvariant(),-9} of {a.Organisation}");
        await Console.Out.WriteLineAsync(
            $"""

            This is the demo: {app.Services.GetRequiredService<DemoFleet>().Outline.Length} simulated servers, nothing outside this process is touched. Sign in as

            {string.Join('\n', accounts)}

            {(password.Text is { } text ? $"The password of all is  {text}" : "The data of the last demo was kept; its password is the one shown then.")}

            """);
    }

    private sealed class Colleague(DemoColleague colleague, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => colleague.RunAsync(stoppingToken);
    }

    // Git takes longer than all else of the seed, and nobody's first page needs it.
    private sealed class Configuration(PastConfiguration past, Preparation preparation) : PreparedService(preparation)
    {
        protected override Task RunAsync(CancellationToken stoppingToken) => past.RunAsync(stoppingToken);
    }

    private sealed class DemoPassword
    {
        public string? Text { get; set; }
    }
}
