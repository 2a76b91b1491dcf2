using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OsModa.Core.Accounts;
using OsModa.Core.Ledger.Reading;
using Xunit;

namespace OsModa.Tests.Identity;

/// <summary>Whoever guesses keeps themselves out, and nobody else, and learns nothing by the time that an answer takes.</summary>
public sealed class SignInPauseTests : IAsyncLifetime
{
    private const string From = "Test-From", Guesser = "192.0.2.7", Home = "198.51.100.7";
    private readonly CountingHasher _hasher = new();
    private readonly ProductInProcess _product;
    private Organisation _organisation = null!;

    public SignInPauseTests() => _product = new ProductInProcess
    {
        More = services => services
            .AddSingleton<IStartupFilter>(new Addresses())
            .Replace(ServiceDescriptor.Singleton<IPasswordHasher<Person>>(_hasher)),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _product.InitializeAsync();
        _organisation = await _product.OrganisationAsync("Acme");
        await _product.PersonAsync(_organisation, Role.Owner, "ada@example.org");
    }

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task Ten_wrong_passwords_from_one_network_keep_nobody_out_elsewhere()
    {
        await GuessAsync(10);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await EnterAsync(Guesser, ProductInProcess.Password));
        Assert.Equal(HttpStatusCode.Redirect, await EnterAsync(Home, ProductInProcess.Password));
        _product.Clock.Advance(SignInTries.Pause);
        Assert.Equal(HttpStatusCode.Redirect, await EnterAsync(Guesser, ProductInProcess.Password));
    }

    [Fact]
    public async Task The_ledger_has_one_notice_for_each_pause_however_many_tries_there_were()
    {
        await GuessAsync(15);
        await Eventually.TrueAsync(() => Lines().Any(line => line.Type == "person.sign-in-refused"));

        await EnterAsync(Home, "wrong password at home");
        await EnterAsync(Home, ProductInProcess.Password);

        Assert.Equal(["person.sign-in", "person.sign-in-refused"], Lines().Select(line => line.Type));
        Assert.Contains("after a wrong password", Lines()[0].Action!.Text, StringComparison.Ordinal);
        Assert.Contains("10 wrong passwords", Lines()[1].Action!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_password_is_hashed_for_every_answer_whether_the_address_is_known_or_unknown_or_pauses()
    {
        Assert.Equal(1, await HashedAsync("ada@example.org"));
        Assert.Equal(1, await HashedAsync("eve@example.org"));
        Assert.Equal(1, await HashedAsync("no address"));
        await GuessAsync(10);
        Assert.Equal(1, await HashedAsync("ada@example.org"));
    }

    [Fact]
    public async Task An_open_session_is_no_way_to_guess_on()
    {
        using var browser = _product.Stranger();
        await ProductInProcess.PostAsync(browser, "/sign-in", "/sign-in", ("email", "ada@example.org"), ("password", ProductInProcess.Password));
        for (var i = 0; i < 10; i++)
        {
            await ProductInProcess.PostAsync(browser, "/account", "/account/password", ("current", $"wrong password {i}"), ("password", "another horse battery"));
        }

        using var answer = await ProductInProcess.PostAsync(browser, "/account", "/account/password", ("current", ProductInProcess.Password), ("password", "another horse battery"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    private async Task GuessAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, await EnterAsync(Guesser, $"wrong password {i}"));
        }
    }

    private async Task<int> HashedAsync(string email)
    {
        var before = _hasher.Verified;
        await EnterAsync(Guesser, "wrong password here", email);
        return _hasher.Verified - before;
    }

    private async Task<HttpStatusCode> EnterAsync(string from, string password, string email = "ada@example.org")
    {
        using var browser = _product.Stranger();
        browser.DefaultRequestHeaders.Add(From, from);
        using var answer = await ProductInProcess.PostAsync(browser, "/sign-in", "/sign-in", ("email", email), ("password", password));
        return answer.StatusCode;
    }

    private IReadOnlyList<LedgerLine> Lines() => _product.Services.GetRequiredService<LedgerQueries>().Page(_organisation.Id, LedgerFilter.Everything).Lines;

    private sealed class CountingHasher : PasswordHasher<Person>
    {
        private int _verified;

        public int Verified => _verified;

        public override PasswordVerificationResult VerifyHashedPassword(Person user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _verified);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    // The server of tests has no network: a header says where a browser is.
    private sealed class Addresses : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(following => http =>
            {
                http.Connection.RemoteIpAddress = http.Request.Headers[From] is [{ } from] ? IPAddress.Parse(from) : null;
                return following(http);
            });
            next(app);
        };
    }
}
