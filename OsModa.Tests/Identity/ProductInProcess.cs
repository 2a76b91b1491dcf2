using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OsModa.Core.Accounts;
using OsModa.Core.Servers;
using OsModa.Dashboard.Composition;
using OsModa.Dashboard.Identity;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>The whole dashboard in this process, on a data folder of its own, with a clock that tests move.</summary>
public sealed partial class ProductInProcess : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osmoda-web-");
    private readonly ReadTerminal _terminal = new();

    public HandClock Clock { get; } = new();

    /// <summary>Guesses a minute that one address has.</summary>
    public int Guesses { get; init; } = 10_000;

    /// <summary>Adds to the application before it starts.</summary>
    public Action<IServiceCollection>? More { get; init; }

    public string Folder => _folder.FullName;

    public async ValueTask InitializeAsync() => await ReadyAsync();

    /// <summary>A browser that nobody has signed in with; follows no redirect, so that tests see them.</summary>
    public HttpClient Stranger() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    /// <summary>The code of the first start, as the terminal shows it.</summary>
    public async Task<string> SetupCodeAsync() => SetupLink().Match(await _terminal.SaidAsync("/setup?code=")).Groups["code"].Value;

    public async Task<Organisation> OrganisationAsync(string name)
    {
        await ReadyAsync();
        return (await Services.GetRequiredService<CreateOrganisation>().RunAsync(name, CancellationToken.None)).Value!;
    }

    public async Task<Person> PersonAsync(Organisation organisation, Role role, string email) =>
        (await Services.GetRequiredService<AddPerson>().RunAsync(organisation.Id, new NewPerson($"The {role}", email, Password), role, CancellationToken.None)).Value!;

    /// <summary>A browser in which somebody has signed in.</summary>
    public async Task<HttpClient> SignedInAsync(string email, string password = Password)
    {
        var browser = Stranger();
        var answer = await PostAsync(browser, "/sign-in", "/sign-in", ("email", email), ("password", password));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    public async Task<Server> ServerAsync(Organisation organisation, string name)
    {
        var caller = new Caller(Guid.NewGuid(), "", organisation.Id, Role.Owner);
        return (await Services.GetRequiredService<AddServer>().RunAsync(caller, new ServerForm(name, "192.0.2.1", "", "root"), CancellationToken.None)).Value!;
    }

    /// <summary>Fills in the form that a page shows and sends it.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(await browser.GetStringAsync(page)).Groups["token"].Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]);
        return await browser.PostAsync(action, form);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Storage:Folder", _folder.FullName);
        builder.UseSetting("Ledger:GuardFolder", Path.Combine(_folder.FullName, "guard"));
        builder.UseSetting("Limits:GuessesPerMinute", Guesses.ToString());
        builder.UseSetting("Logging:LogLevel:Default", "None");
        builder.UseSetting("Logging:LogLevel:Microsoft", "None");
        builder.ConfigureServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            services.Replace(ServiceDescriptor.Singleton(new Terminal(_terminal)));
            More?.Invoke(services);
        });
    }

    // It answers before its database is ready; requests wait for that by themselves.
    private Task ReadyAsync() => Services.GetRequiredService<Preparation>().Ready;

    [GeneratedRegex(@"http://127\.0\.0\.1:5080/setup\?code=(?<code>\S+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex SetupLink();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();
}
