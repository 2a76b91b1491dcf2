using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using OsModa.Core.Accounts;
using OsModa.Dashboard.Composition;

namespace OsModa.Dashboard.Identity;

/// <summary>Signing in and out with e-mail and password.</summary>
internal static class SignIn
{
    public const string Path = "/sign-in";
    public const string ReturnParameter = "returnUrl";

    /// <summary>One sentence for every reason, so that nobody learns which addresses have accounts or are paused.</summary>
    public const string Refused = "This e-mail and password do not open an account here. After several wrong tries an account pauses for five minutes.";

    // Verified against when the address is unknown or pauses, so that it takes as long as when a password is looked at.
    private static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<Person>().HashPassword(null!, OneUseCode.New().Text));

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet(Path, ShowAsync).AllowAnonymous().WithMetadata(new NeedsNoData());
        app.MapPost(Path, EnterAsync).AllowAnonymous().RequireRateLimiting(RateLimits.Guesses);
        app.MapPost("/sign-out", LeaveAsync);
    }

    /// <summary>A path of this site, or the front page: never another site, however it is written.</summary>
    public static string Local(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith("/\\", StringComparison.Ordinal) && !url.Any(char.IsControl) ? url : "/";

    private static RazorComponentResult<SignInPage> Page(string? returnUrl, string? email = null, string? error = null) =>
        new(new { ReturnUrl = Local(returnUrl), Email = email, Error = error })
        {
            StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };

    // A session may be good while its person belongs nowhere any more: sent back to a page, they would be sent here again.
    private static async Task<IResult> ShowAsync([FromQuery(Name = ReturnParameter)] string? returnUrl, HttpContext http, Callers callers, CancellationToken cancellationToken) =>
        http.User.Identity?.IsAuthenticated != true ? Page(returnUrl)
        : await callers.ReadAsync(http.User, cancellationToken) is not null ? Results.LocalRedirect(Local(returnUrl))
        : Page(returnUrl, error: "Your account belongs to no organisation any more. Ask an owner to invite you, or sign in with another account.");

    private static async Task<IResult> EnterAsync(
        [FromForm] string? email, [FromForm] string? password, [FromForm(Name = ReturnParameter)] string? returnUrl,
        HttpContext http, SignInManager<Person> signIn, UserManager<Person> people, IPasswordHasher<Person> hasher, SignInTries tries, SignInNotes notes, CancellationToken cancellationToken)
    {
        var network = RateLimits.Network(http.Connection.RemoteIpAddress);
        var isAddress = EmailAddress.TryParse(email, out var address, out _);
        var taken = isAddress ? await tries.TakeAsync(address.Normalised, network, cancellationToken) : null;
        var person = isAddress ? await people.FindByNameAsync(address.Text) : null;
        var tried = password is { Length: > 0 and <= PasswordRule.MaxLength } ? password : "";
        if (person is null || taken is not { } count)
        {
            hasher.VerifyHashedPassword(null!, NobodysHash.Value, tried);
            return Page(returnUrl, email, Refused);
        }

        if (!(await signIn.PasswordSignInAsync(person, tried, isPersistent: false, lockoutOnFailure: false)).Succeeded)
        {
            if (count % SignInTries.Most == 0)
            {
                _ = notes.RefusedAsync(http, person, count);
            }

            return Page(returnUrl, email, Refused);
        }

        await tries.ForgetAsync(address.Normalised, network, cancellationToken);
        await notes.EnteredAsync(http, person, count - 1);
        return Results.LocalRedirect(Local(returnUrl));
    }

    private static async Task<IResult> LeaveAsync(
        [FromForm] string? everywhere, HttpContext http, SignInManager<Person> signIn, UserManager<Person> people, Callers callers, EndedSessions sessions, SignInNotes notes)
    {
        var person = await people.GetUserAsync(http.User);
        if (person is not null)
        {
            await notes.LeftAsync(http, person, everywhere == "yes");
        }

        if (everywhere == "yes" && person is not null)
        {
            await people.UpdateSecurityStampAsync(person);
            callers.Forget(person.Id);
        }

        if (PersonClaims.Read(http.User) is { } claim)
        {
            await sessions.EndAsync(claim, PersonClaims.LongestSession);
        }

        await signIn.SignOutAsync();
        ChosenOrganisation.Drop(http);
        return Results.LocalRedirect(Path);
    }
}
