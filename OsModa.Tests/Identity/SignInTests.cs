using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OsModa.Core.Accounts;
using OsModa.Core.Storage;
using Xunit;

namespace OsModa.Tests.Identity;

public sealed class SignInTests : IAsyncLifetime
{
    private readonly ProductInProcess _product = new();
    private Organisation _organisation = null!;
    private Person _ada = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _product.InitializeAsync();
        _organisation = await _product.OrganisationAsync("Acme");
        _ada = await _product.PersonAsync(_organisation, Role.Owner, "ada@example.org");
    }

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task The_right_password_opens_the_fleet_and_returns_where_one_wanted_to_go()
    {
        using var browser = _product.Stranger();
        var answer = await ProductInProcess.PostAsync(browser, "/sign-in?returnUrl=/operations", "/sign-in", ("email", " Ada@Example.org "), ("password", ProductInProcess.Password), ("returnUrl", "/operations"));

        Assert.Equal("/operations", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/", Stop)).StatusCode);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("osmoda-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_HTTPS_the_cookie_is_bound_to_this_host()
    {
        using var browser = _product.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new Uri("https://localhost") });
        var answer = await ProductInProcess.PostAsync(browser, "/sign-in", "/sign-in", ("email", "ada@example.org"), ("password", ProductInProcess.Password));

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("__Host-osmoda-session=", StringComparison.Ordinal));
        Assert.Contains("secure", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/;", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/", Stop)).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil.example")]
    public async Task Nobody_is_sent_to_another_site_after_signing_in(string returnUrl)
    {
        using var browser = _product.Stranger();
        var answer = await ProductInProcess.PostAsync(browser, "/sign-in", "/sign-in", ("email", "ada@example.org"), ("password", ProductInProcess.Password), ("returnUrl", returnUrl));

        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Wrong_password_unknown_address_and_a_paused_account_look_the_same()
    {
        var wrong = await RefusalAsync("ada@example.org", "wrong password here");
        var unknown = await RefusalAsync("eve@example.org", "wrong password here");
        for (var i = 0; i < 12; i++)
        {
            await RefusalAsync("ada@example.org", $"wrong password {i}");
        }

        var paused = await RefusalAsync("ada@example.org", ProductInProcess.Password);

        Assert.Equal(wrong.Replace("ada@", "", StringComparison.Ordinal), unknown.Replace("eve@", "", StringComparison.Ordinal));
        Assert.Equal(wrong, paused);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var browser = _product.Stranger();
        using var form = new FormUrlEncodedContent([new("email", "ada@example.org"), new("password", ProductInProcess.Password)]);
        var answer = await browser.PostAsync("/sign-in", form, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("That did not arrive whole", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_from_one_address_is_slowed_down()
    {
        await using var strict = new ProductInProcess { Guesses = 5 };
        using var browser = strict.Stranger();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 7; i++)
        {
            answers.Add((await ProductInProcess.PostAsync(browser, "/sign-in", "/sign-in", ("email", $"{i}@example.org"), ("password", "guess"))).StatusCode);
        }

        Assert.Equal(5, answers.Count(a => a == HttpStatusCode.UnprocessableEntity));
        Assert.Equal([HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], answers[5..]);
    }

    [Fact]
    public async Task After_signing_out_the_cookie_opens_nothing_in_this_browser()
    {
        using var browser = await _product.SignedInAsync("ada@example.org");
        var answer = await ProductInProcess.PostAsync(browser, "/", "/sign-out");

        Assert.Equal("/sign-in", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/", Stop)).StatusCode);
    }

    [Fact]
    public async Task After_signing_out_a_copy_of_the_cookie_opens_nothing_and_other_sessions_go_on()
    {
        using var browser = _product.Stranger();
        var answer = await ProductInProcess.PostAsync(browser, "/sign-in", "/sign-in", ("email", "ada@example.org"), ("password", ProductInProcess.Password));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("osmoda-session=", StringComparison.Ordinal)).Split(';')[0];
        using var copy = _product.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        copy.DefaultRequestHeaders.Add("Cookie", cookie);
        using var other = await _product.SignedInAsync("ada@example.org");
        Assert.Equal(HttpStatusCode.OK, (await copy.GetAsync("/", Stop)).StatusCode);

        await ProductInProcess.PostAsync(browser, "/", "/sign-out");

        Assert.Equal(HttpStatusCode.Redirect, (await copy.GetAsync("/", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await copy.GetAsync("/api/v1/ledger/verify.html", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_session_can_still_be_ended_after_its_person_was_looked_at_anew()
    {
        using var browser = await _product.SignedInAsync("ada@example.org");
        _product.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/", Stop)).StatusCode);

        await ProductInProcess.PostAsync(browser, "/", "/sign-out");

        await using var context = _product.Services.GetRequiredService<Database>().OpenForNone();
        Assert.Equal(1, await context.EndedSessions.CountAsync(Stop));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_the_other_browser_too()
    {
        using var here = await _product.SignedInAsync("ada@example.org");
        using var there = await _product.SignedInAsync("ada@example.org");
        await ProductInProcess.PostAsync(here, "/", "/sign-out", ("everywhere", "yes"));
        _product.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(HttpStatusCode.Redirect, (await there.GetAsync("/", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_session_ends_after_a_week_however_busy()
    {
        using var browser = await _product.SignedInAsync("ada@example.org");
        for (var hours = 0; hours < 7 * 24; hours += 4)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/", Stop)).StatusCode);
            _product.Clock.Jump(TimeSpan.FromHours(4));
        }

        _product.Clock.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_session_ends_after_eight_quiet_hours()
    {
        using var browser = await _product.SignedInAsync("ada@example.org");
        _product.Clock.Jump(TimeSpan.FromHours(8.1));

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/", Stop)).StatusCode);
    }

    [Fact]
    public async Task Rights_are_read_for_each_call()
    {
        var callers = _product.Services.GetRequiredService<Callers>();
        var claim = new SessionClaim(_ada.Id, null, _ada.SecurityStamp!);
        Assert.Equal(Role.Owner, (await callers.ReadAsync(claim, Stop))!.Role);
        await using (var context = _product.Services.GetRequiredService<Database>().OpenFor(_organisation.Id))
        {
            (await context.Memberships.SingleAsync(Stop)).Role = Role.Viewer;
            await context.SaveChangesAsync(Stop);
        }

        _product.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Role.Viewer, (await callers.ReadAsync(claim, Stop))!.Role);
        Assert.Null(await callers.ReadAsync(claim with { Stamp = "of an old password" }, Stop));
        Assert.Null(await callers.ReadAsync(claim with { PersonId = Guid.NewGuid() }, Stop));
    }

    private async Task<string> RefusalAsync(string email, string password)
    {
        using var browser = _product.Stranger();
        var answer = await ProductInProcess.PostAsync(browser, "/sign-in", "/sign-in", ("email", email), ("password", password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.Contains("osmoda-session", StringComparison.Ordinal)));
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.DoesNotContain(password, text, StringComparison.Ordinal);
        return text[text.IndexOf("<p class=\"form-error\"", StringComparison.Ordinal)..];
    }
}
