using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Identity;

public sealed class SetupTests : IAsyncLifetime
{
    private readonly ProductInProcess _product = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FirstRun FirstRun => _product.Services.GetRequiredService<FirstRun>();

    private static SetupForm Form => new("Acme", new NewPerson("Ada", "ada@example.org", ProductInProcess.Password));

    public ValueTask InitializeAsync() => _product.InitializeAsync();

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task The_link_makes_an_organisation_with_an_owner_who_is_signed_in()
    {
        var code = await _product.SetupCodeAsync();
        using var browser = _product.Stranger();

        var answer = await SendAsync(browser, code);

        Assert.Equal("/", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/", Stop)).StatusCode);
        await using var context = _product.Services.GetRequiredService<Database>().OpenForAll();
        Assert.Equal("Acme", (await context.Organisations.SingleAsync(Stop)).Name);
        Assert.Equal(Role.Owner, (await context.Memberships.SingleAsync(Stop)).Role);
    }

    [Fact]
    public async Task It_works_once()
    {
        var code = await _product.SetupCodeAsync();
        using var first = _product.Stranger();
        await SendAsync(first, code);

        using var second = _product.Stranger();
        Assert.Equal(HttpStatusCode.NotFound, (await second.GetAsync($"/setup?code={code}", Stop)).StatusCode);
        Assert.Null(await FirstRun.IssueCodeAsync(Stop));
    }

    [Theory]
    [InlineData(Storage.DatabaseKind.Sqlite)]
    [InlineData(Storage.DatabaseKind.PostgreSql)]
    public async Task Of_many_who_use_it_at_once_one_becomes_the_owner(Storage.DatabaseKind kind)
    {
        await using var temporary = await Storage.TemporaryDatabase.OpenAsync(kind);
        var firstRun = new FirstRun(temporary.Database, new CreateOrganisation(temporary.Database, _product.Clock), new AddPerson(temporary.Database, new Microsoft.AspNetCore.Identity.PasswordHasher<Person>()), _product.Clock);
        var code = (await firstRun.IssueCodeAsync(Stop))!.Text;

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(
            () => firstRun.RunAsync(code, Form with { Owner = Form.Owner with { Email = $"ada{i}@example.org" } }, Stop), Stop)));

        Assert.Single(results, r => r.Done);
        await using var context = temporary.Database.OpenForAll();
        Assert.Equal(1, await context.Users.CountAsync(Stop));
        Assert.Equal(1, await context.Organisations.CountAsync(Stop));
    }

    [Fact]
    public async Task A_wrong_field_is_told_and_does_not_use_the_code_up()
    {
        var code = await _product.SetupCodeAsync();
        using var browser = _product.Stranger();

        var answer = await SendAsync(browser, code, password: "too short");
        var text = await answer.Content.ReadAsStringAsync(Stop);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("aria-invalid=\"true\" aria-describedby=\"field-password-error\"", text, StringComparison.Ordinal);
        Assert.Contains("value=\"ada@example.org\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("too short", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(browser, code)).StatusCode);
    }

    [Fact]
    public async Task It_expires()
    {
        var code = await _product.SetupCodeAsync();
        _product.Clock.Advance(FirstRun.Lifetime + TimeSpan.FromSeconds(1));

        Assert.False(await FirstRun.AcceptsAsync(code, Stop));
        Assert.Equal(FirstRun.CodeRefused, (await FirstRun.RunAsync(code, Form, Stop)).Errors[""]);
    }

    [Fact]
    public async Task A_new_start_makes_the_old_link_useless()
    {
        var old = await _product.SetupCodeAsync();
        var code = (await FirstRun.IssueCodeAsync(Stop))!.Text;

        Assert.False(await FirstRun.AcceptsAsync(old, Stop));
        Assert.True(await FirstRun.AcceptsAsync(code, Stop));
    }

    [Fact]
    public async Task The_code_itself_is_stored_nowhere()
    {
        var code = await _product.SetupCodeAsync();

        // Held open, so that SQLite does not fold its log into the database between two files read here.
        await using var held = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_product.Folder, "dashboard.db")}");
        await held.OpenAsync(Stop);
        await using var read = held.CreateCommand();
        read.CommandText = "SELECT count(*) FROM sqlite_master";
        await read.ExecuteScalarAsync(Stop);

        foreach (var file in Directory.EnumerateFiles(_product.Folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(code, await reader.ReadToEndAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("                      ")]
    [InlineData("' OR 1=1 --           ")]
    public async Task Other_codes_open_nothing(string? code)
    {
        await _product.SetupCodeAsync();

        Assert.False(await FirstRun.AcceptsAsync(code, Stop));
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient browser, string code, string password = ProductInProcess.Password) => ProductInProcess.PostAsync(
        browser, $"/setup?code={code}", "/setup", ("code", code), ("organisation", "Acme"), ("name", "Ada"), ("email", "ada@example.org"), ("password", password));
}
